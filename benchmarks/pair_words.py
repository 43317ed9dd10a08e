"""The facts of the pair's questions (pair_questions.py), written for this repository: each row is
what is asked about and what is right, a bar between answers of which each is.

Common knowledge of the kind a person asks a device for. They were written before a model saw them,
and none was taken out for how it was answered.
"""

CAPITALS = """
Peru:Lima Japan:Tokyo Kenya:Nairobi Norway:Oslo Egypt:Cairo Canada:Ottawa Australia:Canberra
Brazil:Brasilia|Brasília Turkey:Ankara Portugal:Lisbon Poland:Warsaw Greece:Athens Cuba:Havana
Vietnam:Hanoi Thailand:Bangkok Austria:Vienna Hungary:Budapest Morocco:Rabat Nigeria:Abuja
Chile:Santiago Finland:Helsinki Ireland:Dublin Iceland:Reykjavik|Reykjavík Mongolia:Ulaanbaatar
Nepal:Kathmandu Pakistan:Islamabad Ghana:Accra Ethiopia:Addis_Ababa Jordan:Amman Bulgaria:Sofia
Romania:Bucharest Croatia:Zagreb Colombia:Bogota|Bogotá Ecuador:Quito Uruguay:Montevideo
Senegal:Dakar Laos:Vientiane Georgia:Tbilisi Denmark:Copenhagen Spain:Madrid
"""
CONTINENTS = """
Brazil:South_America Kenya:Africa Japan:Asia Italy:Europe Canada:North_America Egypt:Africa
Vietnam:Asia Peru:South_America Sweden:Europe Ghana:Africa Nepal:Asia Mexico:North_America
Poland:Europe Chile:South_America Morocco:Africa Thailand:Asia Greece:Europe Cuba:North_America
Zambia:Africa Pakistan:Asia Ireland:Europe Bolivia:South_America Mongolia:Asia Angola:Africa
"""
LANGUAGES = """
Brazil:Portuguese Mexico:Spanish Austria:German Egypt:Arabic Japan:Japanese Italy:Italian
Argentina:Spanish Iran:Persian|Farsi Poland:Polish Greece:Greek Iraq:Arabic Cuba:Spanish
Russia:Russian Denmark:Danish Angola:Portuguese Vietnam:Vietnamese Thailand:Thai Hungary:Hungarian
Chile:Spanish Portugal:Portuguese Turkey:Turkish Sweden:Swedish Ukraine:Ukrainian Mongolia:Mongolian
"""
OPPOSITES = """
hot:cold big:small|little|tiny fast:slow happy:sad|unhappy early:late wet:dry full:empty
strong:weak rich:poor light:dark|heavy open:closed|close|shut loud:quiet|silent|soft
north:south young:old near:far hard:soft|easy true:false clean:dirty deep:shallow
narrow:wide|broad brave:cowardly|afraid|timid ancient:modern|new|recent noisy:quiet|silent
victory:defeat arrive:depart|leave buy:sell push:pull begin:end|finish|stop
"""
PLURALS = """
mouse:mice child:children foot:feet tooth:teeth goose:geese man:men woman:women leaf:leaves
knife:knives wolf:wolves ox:oxen city:cities box:boxes baby:babies shelf:shelves person:people
potato:potatoes half:halves life:lives sheep:sheep fox:foxes party:parties hero:heroes thief:thieves
"""
PASTS = """
go:went eat:ate take:took write:wrote swim:swam fly:flew bring:brought teach:taught catch:caught
drive:drove buy:bought begin:began sing:sang break:broke choose:chose speak:spoke give:gave
freeze:froze wear:wore think:thought sleep:slept grow:grew throw:threw hide:hid
"""
FRENCH = """
dog:chien water:eau house:maison bread:pain book:livre red:rouge cat:chat milk:lait sun:soleil
school:école|ecole friend:ami night:nuit king:roi tree:arbre white:blanc horse:cheval
mother:mère|mere door:porte green:vert apple:pomme
"""
SPANISH = """
dog:perro water:agua house:casa bread:pan book:libro red:rojo cat:gato milk:leche sun:sol
school:escuela friend:amigo night:noche king:rey tree:árbol|arbol white:blanco horse:caballo
mother:madre door:puerta green:verde apple:manzana
"""
SYMBOLS = """
hydrogen:H oxygen:O carbon:C gold:Au silver:Ag iron:Fe sodium:Na potassium:K helium:He copper:Cu
nitrogen:N lead:Pb calcium:Ca tin:Sn zinc:Zn neon:Ne chlorine:Cl mercury:Hg uranium:U nickel:Ni
"""
SPELT = """
garden window bottle planet silver button kitchen ladder monkey orange pencil rabbit school tunnel
violin winter yellow zebra bridge candle dragon engine flower guitar
"""
AUTHORS = """
Hamlet:Shakespeare Don_Quixote:Cervantes War_and_Peace:Tolstoy The_Odyssey:Homer 1984:Orwell
Pride_and_Prejudice:Austen Oliver_Twist:Dickens The_Divine_Comedy:Dante Frankenstein:Shelley
Dracula:Stoker Moby-Dick:Melville Les_Misérables:Hugo Crime_and_Punishment:Dostoevsky|Dostoyevsky
The_Hobbit:Tolkien Animal_Farm:Orwell Macbeth:Shakespeare Jane_Eyre:Brontë|Bronte Faust:Goethe
The_Old_Man_and_the_Sea:Hemingway Robinson_Crusoe:Defoe
"""
EVERYDAY = """
What colour is a ripe banana? = yellow
What do bees make? = honey
What is frozen water called? = ice
Which meal do people eat in the morning? = breakfast
What do you call a baby dog? = puppy
What do you call a baby cat? = kitten
What colour is grass? = green
What do cows give people to drink? = milk
Which animal is called the king of the jungle? = lion
What is the main ingredient of bread? = flour
What do we call the season after winter? = spring
What fruit is used to make wine? = grape|grapes
Which season is the coldest? = winter
What do birds use to fly? = wing|wings
What do fish use to breathe? = gill|gills
What is the tallest animal in the world? = giraffe
What is the largest animal in the world? = blue whale
What vegetable are French fries made from? = potato|potatoes
What do caterpillars turn into? = butterfly|butterflies|moth|moths
What material are most windows made of? = glass
What do you use to cut paper? = scissors
What colour do you get when you mix blue and yellow? = green
What colour do you get when you mix red and white? = pink
What do spiders spin? = web|webs|silk
What animal gives us wool? = sheep
What is the fastest land animal? = cheetah
What do pandas mainly eat? = bamboo
What sport is played at Wimbledon? = tennis
What do you call a person who bakes bread? = baker
What do you call a house made of snow? = igloo
"""
SCIENCE = """
Which planet is closest to the Sun? = Mercury
Which planet is known as the Red Planet? = Mars
Which is the largest planet of the solar system? = Jupiter
What gas do plants take in from the air? = carbon dioxide|CO2
What gas do people need to breathe? = oxygen
What force pulls objects toward the ground? = gravity|gravitational
What is the chemical formula of water? = H2O
Which part of a plant makes food from sunlight? = leaf|leaves|chloroplast|chloroplasts
What do we call molten rock that comes out of a volcano? = lava
What is the hardest natural substance? = diamond
What instrument measures temperature? = thermometer
What is the star at the centre of the solar system? = Sun
What do we call animals that eat only plants? = herbivore|herbivores
What do we call animals that eat only meat? = carnivore|carnivores
Which metal is liquid at room temperature? = mercury
What is the process by which plants make food? = photosynthesis
What is the largest organ of the human body? = skin
What orbits the Earth? = moon
What is the name of our galaxy? = Milky Way
What is the force that slows down moving things that rub together? = friction
What instrument is used to look at the stars? = telescope
What instrument is used to look at very small things? = microscope
What layer of gas protects the Earth from ultraviolet light? = ozone
What is the most common gas in the air? = nitrogen
Which planet has the most famous rings? = Saturn
What do magnets attract? = iron|metal|metals|nickel|cobalt|steel
What is water in the form of a gas called? = vapor|vapour|steam
Which scientist is known for the theory of relativity? = Einstein
Which scientist described the laws of motion? = Newton
Who proposed the theory of evolution by natural selection? = Darwin
"""
USED_FOR = """
a thermometer = temperature
an umbrella = rain|sun
a compass = direction|directions|north|navigation|navigate
a clock = time
a ruler = measure|measuring|length|lengths|distance|distances|line|lines
a refrigerator = food|cold|cool|cooling|fresh|preserve
a broom = sweep|sweeping|clean|cleaning|floor|floors
a pillow = head|sleep|sleeping|neck
a scale = weight|weigh|weighing|mass
a key = lock|locks|unlock|open|door|doors
a hammer = nail|nails
a kettle = boil|boiling|water
a lamp = light|lighting|illuminate
a calendar = date|dates|day|days|month|months|time|events|schedule
a dictionary = word|words|meaning|meanings|definition|definitions
a microphone = sound|sounds|voice|audio|record|recording
a bridge = cross|crossing|river|rivers|connect|connecting|over
a raincoat = rain|dry|wet
a toothbrush = teeth|tooth
an oven = bake|baking|cook|cooking|heat|food
a needle = sew|sewing|thread|inject|stitch|stitching
a library = books|book|read|reading
a wallet = money|cash|cards|card
a telescope = star|stars|sky|distant|planets|space|objects
"""
YES_NO = """
Is the Sun a star? = yes
Is a whale a fish? = no
Can penguins fly? = no
Is ice lighter than water? = yes
Is Paris in Germany? = no
Do fish live in water? = yes
Is gold a metal? = yes
Do plants need light to grow? = yes
Is the Moon larger than the Earth? = no
Is Australia in Europe? = no
Do snakes have legs? = no
Is a tomato a plant? = yes
Does the Earth go around the Sun? = yes
Can dogs read books? = no
Is seven an even number? = no
Is ten an even number? = yes
Do birds have feathers? = yes
Is snow hot? = no
Are bats mammals? = yes
Is Tokyo the capital of Japan? = yes
Is Sydney the capital of Australia? = no
Is the Pacific an ocean? = yes
Is a spider an insect? = no
Do cows eat grass? = yes
Is Mount Everest in Africa? = no
Is a triangle a shape with four sides? = no
Is honey made by bees? = yes
Is the Nile in South America? = no
Are diamonds made of carbon? = yes
Is Shakespeare the author of Hamlet? = yes
"""
ZH_CAPITALS = """
日本:东京 法国:巴黎 英国:伦敦 德国:柏林 俄罗斯:莫斯科 韩国:首尔 泰国:曼谷 埃及:开罗 加拿大:渥太华
意大利:罗马 西班牙:马德里 越南:河内
"""
ZH_OPPOSITES = "大:小 高:低|矮 快:慢 热:冷 长:短 多:少 黑:白 早:晚 新:旧|老 开:关 前:后 轻:重"
ZH_EVERYDAY = """
太阳从哪个方向升起？ = 东
中国的首都是哪里？ = 北京
世界上最高的山峰是哪一座？ = 珠穆朗玛|珠峰
《西游记》里孙悟空的师父是谁？ = 唐僧|唐三藏|玄奘
中国最长的河是哪一条？ = 长江
蜜蜂采集什么来酿蜜？ = 花蜜|花
冰是什么变成的？ = 水
端午节人们常吃什么？ = 粽子
中秋节人们常吃什么？ = 月饼
一年中最冷的季节是哪个？ = 冬
植物进行光合作用需要吸收什么气体？ = 二氧化碳
离太阳最近的行星是哪一颗？ = 水星
"""


def pairs_of(table: str) -> list[tuple[str, tuple[str, ...]]]:
    """The rows of a table: `asked:right|right`, or `question = right|right` a line."""
    if " = " in table:
        rows = [line.split(" = ") for line in table.strip().split("\n")]
    else:
        rows = [cell.split(":") for cell in table.split()]
    return [
        (asked.replace("_", " "), tuple(right.replace("_", " ").split("|")))
        for asked, right in rows
    ]
