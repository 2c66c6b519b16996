"""Given names, surnames and name syllables that are frequent enough to speak for an author.

The lists were written for this project, by region, not counted from any collection.  They are
short on purpose: shape carries most of the evidence, and a rare name costs nothing.  Words that
start titles as often as they start names (*Grace*, *Will*, *Art*) are left out.
"""

from __future__ import annotations

_GIVEN = """
Aaron Abdullah Abigail Abraham Adam Adrian Adriana Agnes Ahmad Ahmed Aidan Aisha Ajay Akira Alan
Albert Alberto Alejandro Aleksander Aleksandr Alessandro Alex Alexander Alexandra Alexandre Alexey
Alexis Alfonso Alfred Ali Alice Alison Allan Allen Amanda Amir Amit Amy Ana Anders Andrea Andreas
Andrei Andrew Andrzej Andy Angela Anil Anita Anja Ann Anna Anne Annette Anthony Antoine Anton
Antonia Antonio Anu Arash Aravind Arjun Arnaud Arthur Arun Arvind Ashish Ashley Atsushi August
Aurelien Barbara Bart Beatrice Ben Benedikt Benjamin Benoit Bernard Bernd Bernhard Bert Beth Bill
Bjorn Bo Bob Boris Brad Brandon Brendan Brent Brian Bruce Bruno Bryan Burak Caleb Cameron Carl
Carla Carlo Carlos Carmen Carol Caroline Catherine Cecilia Celine Chad Charles Charlotte Chelsea
Cheng Chiara Chris Christian Christina Christine Christoph Christopher Chuck Claire Clara Claude
Claudia Claudio Colin Connor Craig Cristian Cristina Cynthia Dale Damien Dan Dana Daniel Daniela
Daniele Danny Dario Darren Dave David Dean Deborah Debra Deepak Denis Dennis Derek Diana Diane
Diego Dieter Dimitri Dimitris Dirk Dmitry Dominic Dominik Don Donald Donna Doris Dorothy Doug
Douglas Duncan Dylan Ed Eduardo Edward Edwin Elena Eli Elias Elisa Elisabeth Elizabeth Ella Ellen
Emanuele Emily Emma Emmanuel Enrico Enrique Eric Erica Erik Erin Ernest Ernst Esther Ethan Eugene
Eva Evan Evelyn Fabian Fabio Fabrice Farid Fatima Federico Felipe Felix Fernando Filip Filippo
Fiona Florian Frances Francesca Francesco Francis Francisco Franck Francois François Frank Franz
Fred Frederic Frederick Fredrik Friedrich Gabriel Gabriele Gareth Gary Geoff Geoffrey George Georg
Georgios Gerald Gerard Gerhard Gianluca Giorgio Giovanni Giulia Giuseppe Glenn Gonzalo Gordon
Graham Greg Gregor Gregory Guido Guillaume Guillermo Gunnar Guy Hamid Hannah Hans Harald Harold
Harry Hassan Heather Heidi Heike Heiko Heinrich Helen Helena Helmut Hendrik Henri Henrik Henry
Herbert Herman Hiroshi Hiroyuki Howard Hubert Hugo Ian Ibrahim Ignacio Igor Ilya Ines Ingrid Irene
Iris Irina Isaac Isabel Isabella Ivan Jack Jackie Jackson Jacob Jacopo Jacqueline Jacques Jake
Jakob Jakub James Jamie Jan Jane Janet Jannik Jared Jason Javier Jay Jean Jeff Jeffrey Jelena
Jennifer Jenny Jens Jeremy Jerome Jerry Jesse Jessica Jesus Jill Jim Jimmy Joachim Joan Joanna
Joanne Joao João Jochen Joe Joel Johan Johann Johanna Johannes John Johnny Jon Jonas Jonathan
Jordan Jordi Jorg Jörg Jorge Jose José Josef Joseph Josh Joshua Juan Judith Judy Julia Julian
Juliana Julie Julien Juliette Julio Jun Jürgen Justin Kai Kamal Karen Karim Karin Karl Karsten
Kate Katharina Katherine Kathleen Kathryn Kathy Katie Katrin Kavita Keith Kelly Ken Kenji Kenneth
Kevin Khaled Kim Klaus Konrad Konstantin Konstantinos Kristen Kristian Kristina Kumar Kurt Kyle
Lars Laura Lauren Laurence Laurent Leah Leo Leon Leonardo Leonid Leslie Lewis Lilian Linda Lindsay
Lisa Lorenzo Louis Louise Luca Lucas Lucia Lucy Luis Luke Lukas Lydia Lynn Maarten Maciej Madeline
Maggie Magnus Mahmoud Manuel Marc Marcel Marcelo Marcin Marco Marcus Margaret Maria María Marianne
Marie Marina Mario Marion Marius Mark Marko Markus Marta Martha Martin Martina Mary Masashi
Massimo Mathias Mathieu Mats Matt Matteo Matthew Matthias Matthieu Maurice Mauro Max Maxim Maxime
Maximilian Megan Mehdi Mehmet Melanie Melissa Meredith Michael Michal Michel Michele Michelle
Miguel Mihai Mikael Mike Mikhail Milan Milos Miriam Mitchell Mohamed Mohammad Mohammed Mohsen
Monica Monika Morgan Moritz Morten Muhammad Mustafa Nadia Nancy Naomi Natalia Natalie Natasha
Nathan Nathaniel Neil Nele Nicholas Nick Nicola Nicolas Nicole Nicolò Nigel Nikhil Nikita Niklas
Nikolai Nikolaos Nikos Nils Nina Nitin Noah Noel Nora Norbert Norman Olaf Ole Oleg Olga Oliver
Olivia Olivier Omar Omer Orhan Oscar Oskar Otto Pablo Paolo Pascal Patricia Patrick Paul Paula
Paulo Pavel Pedro Peng Per Pete Peter Petr Petra Phil Philip Philipp Philippe Pierre Pieter Piotr
Prakash Priya Qiang Rachel Rafael Rahul Raj Rajesh Ralf Ralph Ramesh Ramón Raphael Rashid Ravi
Raymond Rebecca Reinhard Remi Rene René Reza Ricardo Richard Rick Riccardo Rob Robert Roberta
Roberto Robin Rodrigo Roger Rohan Rohit Roland Roman Ron Ronald Rosa Ross Roy Ruben Rudolf Rui
Russell Ruth Ryan Sabine Sam Samantha Samir Samuel Sandra Sanjay Sara Sarah Satoshi Scott Sean
Sebastian Sébastien Sergei Sergey Sergio Seth Shane Shannon Sharon Shaun Shawn Shreya Silvia Simon
Simona Simone Sofia Sonia Sophia Sophie Stacy Stan Stanislav Stefan Stefania Stefano Stella
Stephan Stephanie Stephen Steve Steven Stuart Sue Sunil Suresh Susan Susanne Suzanne Sven Sylvia
Sylvain Taro Takeshi Tamara Tania Tanja Tanya Tara Tatiana Ted Teresa Terry Theodore Theresa
Thierry Thomas Tiago Tim Timo Timothy Tina Tobias Todd Tom Tomas Tomasz Tommaso Tony Torsten Tracy
Travis Tyler Ulf Ulrich Ulrike Ursula Uwe Valentin Valentina Valerie Vanessa Veronica Victor
Victoria Viktor Vijay Vikram Vincent Vincenzo Virginia Vivek Vladimir Volker Walter Wei Wendy
Werner Wilhelm William Wolfgang Xavier Yann Yasmin Yves Yuri Yusuf Yvonne Zachary Zoe Zoltan
Александр Алексей Анна Андрей Дмитрий Елена Иван Мария Михаил Николай Ольга Сергей Татьяна
"""
_FAMILY = """
Ahmed Akhtar Ali Allen Alvarez Andersen Anderson Andersson Arnold Bailey Bauer Becker Bennett Berg
Bernard Bianchi Bose Brooks Brown Campbell Carlson Carter Castro Chan Chang Chen Cheng Choi
Chowdhury Christensen Chung Clark Cohen Collins Cooper Costa Cruz Das Davies Davis Diaz Dubois
Edwards Eriksson Evans Fernandes Fernandez Fernández Ferrari Fischer Foster Friedman Fujita Garcia
García Goldberg Gomez Gonzalez González Gupta Gutierrez Hall Hansen Harris Hernandez Hoffmann
Hughes Hussain Ivanov Jackson Jacobs Jain Jansen Jensen Jha Jiang Johansson Johnson Jones Joshi
Kang Kaplan Kaur Keller Kelly Khan Klein Kowalski Kumar Larsen Larsson Lee Lehmann Levy Li Liang
Lim Lin Liu Lopez López Martinez Mehta Meyer Miller Mishra Mitchell Moore Morris Mueller Mukherjee
Müller Murphy Murray Nakamura Nelson Nguyen Nielsen Nilsson Olsen Olson Ortiz Park Parker Patel
Pedersen Pereira Perez Petersen Peterson Pham Phillips Popov Rahman Ramos Rao Reddy Ricci
Richardson Rivera Roberts Rodriguez Rodríguez Rogers Rosenberg Rossi Russo Ryan Saito Sanchez
Santos Sato Schmidt Schneider Schulz Schwartz Sharma Shah Silva Singh Smith Sousa Srivastava
Stewart Sullivan Suzuki Svensson Takahashi Tanaka Taylor Thomas Thompson Torres Tran Tsai Turner
Verma Vogel Wagner Wang Watanabe Watson Weber Weiss Williams Wilson Wolf Wong Wright Wu Xu
Yamamoto Yang Yilmaz Yu Zhang Zhao Zheng Zhou Zhu Zimmermann
"""

GIVEN = frozenset(_GIVEN.split())
FAMILY = frozenset(_FAMILY.split())

# Halves of given names that some people write as one word with a capital inside (XuanLong).
SYLLABLES = frozenset(
    """
    Abdul Ai Ali Amir An Bang Bao Been Bi Biao Bin Bing Bo Bong Bum Byung Chae Chan Chang Chao
    Chen Cheng Cheol Chi Chong Chu Chuan Chul Chun Cong Cui Da Dae Dai Dan De Deep Dong Duc Emad
    En Eui Eun Fa Fang Fei Feng Fu Gang Gen Geun Gi Gil Gong Gu Guan Guang Guo Gyeong Gyu Ha Hae
    Hai Hamid Han Hang Hao He Hee Heng Heon Ho Hong Hoon Hossein Hu Hua Huan Hui Hun Hung Hwa Hwan
    Hye Hyeok Hyeon Hyeong Hyo Hyouk Hyuk Hyun Hyung Il In Ja Jae Jeet Jeon Jeong Ji Jia Jian
    Jiang Jie Jin Jing Jo Jong Joo Joon Joong Ju Jun Jung Kai Kang Kee Keun Ki Kook Krishna Kuan
    Kumar Kun Kwan Kwang Kyeong Kyo Kyoung Kyu Kyung La Lal Lan Le Lei Li Lian Liang Lin Ling Linh
    Liu Long Lu Luo Man Mao Mei Meng Mi Miao Min Ming Minh Mohamad Mohammad Mohammed Mohd Moon
    Myeong Myung Nam Nan Naresh Nhat Ning Nuo Pei Peng Phuong Pil Ping Prasad Preet Qi Qian Qiang
    Qin Qing Quan Quang Raj Ram Ravi Reza Rong Rou Rui Rukh Run Ruo Sai Sang Se Seo Seok Seon
    Seong Seul Seung Seyed Seyyed Shah Shan Shankar Shen Sheng Shi Shu Shuai Shui Shun Shuo Si Sik
    Song Soo Su Suk Sun Sung Tae Taghi Tai Tak Tao Thanh Thi Tian Ting Tong Tuan Uk Ullah Ung Van
    Vi Viet Wei Wen Whan Won Woo Woon Woong Xi Xia Xian Xiang Xiao Xin Xing Xu Xuan Xue Ya Yan
    Yang Yao Yeon Yeong Yeop Yi Yin Ying Yong Yoo Yoon Young Yu Yuan Yue Yul Yun Ze Zhe Zhen Zheng
    Zhi Zhong Zhu Zi Zong Zu
    """.split()
)

HAN_SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林高罗羅郑鄭梁谢謝宋唐许許邓鄧冯馮韩韓曹曾彭"
    "萧蕭蔡潘田董袁于余叶葉蒋蔣杜苏蘇魏程吕呂丁沈任姚卢盧傅钟鐘姜崔谭譚廖范汪陆陸金石戴贾賈韦韋夏邱方"
    "侯邹鄒熊孟秦白江阎閻薛尹段雷黎史龙龍陶贺賀顾顧毛郝龚龔邵万萬钱錢严嚴武戚莫孔向汤湯辛尤樊兰殷施俞葛"
)
HANGUL_SURNAMES = frozenset(
    "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민류나진지엄채원천방공현함"
    "변염여추도소석선설마길연위표명기반라왕금옥육인맹제모탁국"
)
