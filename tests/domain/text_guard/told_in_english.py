"""The same in English, which some clients write."""

TOLD = """
my password is Tulip33
my password is tulip
My password is: tulip33
password: X9y
password: tulip
Password : tulip33
PASSWORD=TULIP
password hunter2
pwd: hunter
pwd hunter2
passwd = hunter2
the password for my email is sunshine
the password to the laptop is hunter2
my email password is hunter2
my wifi password is blackcat
wifi password: blackcat
Wi-Fi password blackcat99
my gmail password: sunshine1
my passwords are hunter2 and hunter3
my old password was hunter2
my current password is still hunter2
the password is the following: hunter2
password is "blackcat"
pass word: hunter2
passcode 482913
the passcode is 2580
my passphrase is correct-horse-battery
passphrase: purple horse
my PIN is 1234
pin 1234
PIN: 0000
pin code 4821
PIN number is 4821
the pin for my card is 4821
my bank pin is 4821
security code 123456
security code: 903
access code: 4582A
the access code is 4582
verification code 771204
verification code: 771 204
my verification code is 771204
the code I received is 482913
I received the code 482913 by text message
the code they texted me is 482913
one-time code 482913
one time code: 482913
OTP 482913
the otp is 482913
my code is 4521
unlock code 2580
network key: 3F2A9C7E1B
the WPA key is 3F2A9C7E1B
wifi key 3F2A9C7E1B
recovery key: 482913-112233
my recovery phrase: horse rain mountain
secret answer: rex
login: mary password: tulip
username mary password tulip
user: mary pass: tulip
Login mary / pwd tulip
hunter2 is my password
I use hunter2 as my password
cvv 123
CVC: 456
password -> hunter2
ｐａｓｓｗｏｒｄ：ｈｕｎｔｅｒ２
my computer password: rosebud
password is: rosebud
here is my password rosebud99
my login is mary and my password is rosebud
"""

MENTIONED = """
I forgot my password
I have lost my password
my password is not accepted
my password isn't accepted
my password is no longer accepted
my password is wrong
my password is rejected
the password is refused every time
the password is still refused
the password is correct
I am sure the password is right
password incorrect
password: forgotten
password: unknown
Password: ?
password: ********
password rejected since Monday
password reset does not work
password reset email never arrives
it keeps asking for my password
It asks for my password and my computer is slow
the password is required at start-up
the password is in my notebook
the password is on a sticky note
the password is saved in the browser
my password is too long
the password must have 8 characters
password: 8 characters minimum
I typed my password 10 times
my password was stolen
my password was changed
my password has been hacked
I need to change my password
how do I change the password of my router?
the technician changed the password
I use the same password everywhere
I don't know the wifi password
the wifi password is under the box
the wifi key is unreadable
the wifi password does not work on Windows11
my Outlook password is expired
my gmail password is lost
Office365 password forgotten
password for Windows 11 forgotten
password prompt, error 0x80070005
Outlook says "password incorrect"
The message “wrong password” appears
what is my password?
is the password needed?
my username and password are refused
wrong username or password
I never received the code by text
the code I received is rejected
the verification code never arrives
the verification code is expired
I did not get the 6 digit code
the 6-digit verification code is refused
my PIN is blocked
the PIN is blocked after 3 attempts
I forgot my PIN
error code 1603
the error code is 0x80070643
my zip code is 69003
the password manager is installed
a pin on the connector is bent
password: I don't remember
my password is being asked again and again
nobody will ever ask you for your password
pin 3 of the connector
It says password must contain at least 12 characters
my password is somewhere in my desk
Password: see the note under the keyboard
my pin is not working
I entered the code 3 times
what does error code 0xc000007b mean
I got a text message on 2024 about my parcel
Please reset my password, my email is mary@example.com
The password is okay
"""
