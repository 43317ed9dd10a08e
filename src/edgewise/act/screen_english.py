"""English words that the buttons, links and menus of apps are made of, in their base forms.

Data for telling English from another language that is written in the same letters
(`act/screen_language.py`); a word's meaning is none of its business, and what commits or pays
stands in `act/screen_words.py`. Left out is what another language uses for a button of weight:
"commander" orders in French, "voter" votes. Source: our own reading of phones, shops, mail, chat,
maps, players, news and settings, and the English texts of Chromium.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION_WORDS = _words(
    """
    a about above across after again all almost along already also always am an and another any
    anyone anything anyway anywhere are aren't around as at away back be because been before behind
    below between both but by can can't cannot could couldn't did didn't do does doesn't don't done
    down each either else ever every everyone everything everywhere few for from front get gets got
    had hadn't has hasn't have haven't he he's her here here's him his how i i'd i'll i'm i've if in
    instead into is isn't it it's its itself just last later least less let let's like lot many
    maybe me might mine more most much must my near never next no nobody none nor not nothing now of
    off often oh on once one only onto or other our out over own per please put rather really same
    see she she's should shouldn't since so some someone something soon still such sure than thank
    thanks that that's the their them then there there's these they they're they've this those
    though through to today together tomorrow tonight too toward towards under until up us very was
    wasn't way we we'll we're well were weren't what what's when where where's which while who who's
    whom whose why will with within without won't would wouldn't yes yesterday yet you you'll you're
    your yours
    """
)
"""English whatever stands beside them; half of any English sentence."""

INTERFACE_WORDS = _words(
    """
    able abstract accent accept acceptable access accessibility accident accommodation account
    accuracy achievement acoustic action activate active activity actor actress actual adapter add
    additional address adjust admin administrator adult advance adventure advert advertisement
    advertising advice aerobic afford afternoon against age agent ago agree ahead ai air airplane
    airport alarm album alcohol alert algorithm alien align alignment allergy allow allowance alone
    alphabet alternative amazing ambient amenity american amount amp amplifier analysis analytics
    anchor ancient android angle angry animal animate animation anniversary annotate announcement
    annual anonymous answer anxiety apart apartment api app app's appear appearance appetizer apple
    application apply appointment approval approve approximate apr april aquarium arcade archive
    area arena argument arm armchair aroma arrange arrangement array arrival arrive arrived arrow
    art article artist ascending ask aspect assembly assessment asset assign assignment assist
    assistant association athlete athletic atlas atmosphere attach attachment attack attendance
    attendee attention attraction audience audio audiobook aug augment august aunt authentication
    authenticator author authority authorization authorize auto autofill automatic automatically
    autopilot autoplay available avatar avenue average avocado avoid awake award aware awesome axis
    baby backdrop background backpack backup backward bacon bad badge badminton bag bake bakery
    balance balcony ball ballet band bandwidth bank banner bar barbecue barcode barista base
    baseball basement basic basket basketball batch bath bathroom battery bcc beach bean bear beard
    beat beauty bed bedroom bedtime beef beer begin beginner behavior behaviour believe bell belt
    bench benefit best beta better beverage bibliography bicycle bid big bigger biggest bike bill
    bin biography biology bird birthday bistro bit bite black blanket blend blind block blog blood
    blouse blow blue bluetooth blur board boat body bold book bookmark boot booth border bottle
    bottom bought boundary boutique bowl box boy bracelet brain brainstorm brake brand brass breach
    bread breadcrumb break breakfast breath breathe breed breeze brewery brick bridge brief bright
    brighter brightest brightness bring broad broadcast broke broken bronze brother brought brown
    browse browser brunch brush bubble bucket buddy budget buffer buffet bug build building built
    bullet bundle burger burn burrito bus business busy butter butterfly button buy cab cabin
    cabinet cable cache cactus cafe cafeteria cake calculate calculator calendar calibrate
    calibration call caller calm calorie came camera camp camper campus canada canadian canal cancel
    candidate candle candy canoe canyon cap capacity captain caption capture car carbon card cardio
    care career careful cargo carousel carpet carpool carrier carrot carry cart cartoon case cash
    cashback casserole cast castle casual cat catalog catch category catering cathedral caught cause
    caution cc ceiling celebrate celebrity cell cellular celsius cemetery census center central
    centre cereal ceremony certificate certification certified chain chair champion championship
    chance chandelier change channel chaos chapter character charge charger charging charm chart
    chassis chat cheap cheaper cheapest check checkbox checklist checkout checkup cheese chef
    chemistry chess chicken child children chili china chinese chip chocolate choice choir choose
    chore chosen christmas chrome chromium chronological church cider cinema cinnamon circle citizen
    city civil clarity class classic classroom clause clay clean cleaner cleanup clear clearance
    clever click client cliff climate climb clinic clipboard clipping clock close closed closer
    closest closet cloth clothes cloud club clue cluster coach coast coat cocktail coconut code
    coffee coin cold collaborate collaboration collage collapse colleague collection collector
    college color colorful colour column combine combo come comedy comfort coming comma command
    comment commercial committee common community commute compact companion company compare
    comparison compartment compass compatibility compatible competition competitor complete complex
    compliance component compose compound compromise computer computing concept concert concierge
    conclusion concrete condition condo conductor conference confidential configuration configure
    confirm conflict connect connection consider console constant constraint construction
    consultation consumption contact contactless contain container content contest context continue
    contrast contribution control convenience convention conversation convert cook cookie cooking
    cool cooler coordinate copy coral corn corner correct cost cottage cotton council counselor
    count counter country couple coupon courier course court courtesy cousin cover coverage cow cpu
    crab craft crazy cream create creative creator creature credit crew cricket crime critical crop
    cross crossword crowd crown cruise cry crystal ctrl cube cubic cucumber cuisine culture cup
    cupboard cupcake curator cure curfew curious currency current cursor curtain curve cushion
    custom customer customise customize cut cyan cycle cylinder daily dairy damage dance dancer
    danger dangerous dark darker darkest dashboard data database date daughter dawn day daylight
    dead deadline deal dealer dear death debate debit debt debug dec decade december deceptive
    decimal decision deck decline decoration decrease deep deeper default definition degree delay
    delete deletion delicious delight deliver delivery demand demo density dental dentist deny
    department departure dependent deposit depth derby descending describe description desert
    deserve design desk desktop dessert destination detail detect detection detox dev developer
    device dew diabetes diagnosis diagnostic diagram dial dialog dialogue diamond diary dice
    dictation dictionary diet difference different difficult difficulty digital dim dimension dining
    dinner dinosaur diploma direct direction directory dirty disable disaster discard disclaimer
    disco disconnect discount discover discussion disease dish disk dismiss display distance distort
    district disturb dive divide division dns doc dock doctor document documentary documentation dog
    dollar domain donate donut door doorbell dose dot double doubt download downloader downstairs
    downtown dozen draft drag dragon draw drawing dream dress drew drill drink drive driver drone
    drop drove drum drunk dry dryer dual dub duck due duplicate durable duration dust duty dvd
    dynamic eager eagle ear earbuds earlier earliest early earn earphone earth earthquake easier
    easily east easter eastern easy eat eaten economy ecosystem edge edit edition editor editorial
    education educational effect egg eight eighth elaborate elbow elderly election electric
    electrical electricity electronic elegant element elementary elephant elevation elevator
    eligible elite email embassy embed emergency emoji emphasis employee employer employment empty
    enable encounter encourage encryption end endless enemy energy engine engineer english enhance
    enjoy enlarge enough enquiry ensure enter enterprise entertainment enthusiast entire entry
    envelope environment episode equal equalizer equation equipment era erase error escape essay
    essential establish estate estimate ethernet eu europe european evaluation evening event
    eventual evidence evil evolution exact exam example exceed exception exceptional exchange excite
    exclusive excuse executive exercise exhaust exhibit exhibition exist exit expand expected
    expedition expense experience experiment expert expiration expire expiry explain explanation
    explore explorer explosion export exposure express expression extend extension extent exterior
    external extra extract extreme eye eyebrow eyewear fabric face facility fact factory faculty
    fade fahrenheit fail failed fair faith fake fall fallen false fame family famous fan fancy
    fantasy faq faqs far farewell farm farmer fashion fast fasten faster fastest fat father fault
    favorite favourite fax fear feast feature feb february federal fee feed feedback feel fell felt
    fence ferry festival fever fewer fi fiber fiction field fifteen fifth fifty fight figure file
    fill film filter final finally finance find finder fine finger fingerprint finish finished fire
    firefox firm firmware first fish fisherman fit fitness five fix fixture flag flame flash
    flashlight flat flavor flavour flea fleet flew flexible flight flip floor floral flour flow
    flower fluid flute fly foam focus fog foil fold foldable folder follow follower following font
    food fool foot football footer footnote forbidden force forecast foreground foreign forest
    forget forgot forgotten fork form formal format formation formula fortune forum forward fossil
    fought found foundation fountain four fourth fox fraction frame fraud free freedom freelance
    freeze freight french frequency frequent fresh freshwater fri friday fridge friend friendship
    frog frost frozen fruit fry fuel fulfillment full fullscreen fun function fund funny furnace
    furniture fuse fusion future fuzzy gadget gain galaxy gallery gallon game gang gap garage garden
    garlic gas gate gateway gave gb gear gender gene general generate generation generator genre
    gentle geography geolocation geometry german giant gift ginger giraffe girl give given glance
    glass glitch global glossary glove glow glue gluten go goal goat going gold golf gone good
    goodbye google gourmet government governor gps gpu grab grace grade gradient gradual grain gram
    grammar grand grandfather grandma grandmother grandpa grape graph graphic grass gravity gray
    great green greeting grey grid grill grind grip grocery grooming ground group grow grown growth
    guard guardian guess guest guesthouse guidance guide guitar gun gym habit hair haircut halal
    half hall halloween hallway hammer hand handbag handbook handle handler handmade handwriting
    happen happening happy harbor harbour hard hardcover hardware harm harmful harmony harvest hash
    hashtag hat hatchback hate hd hdr head header heading headlight headline headphone headset heal
    health hear heard heart heat heater heating heatmap heaven heavy height held helicopter hell
    hello helmet help helper helpful herb heritage hero hey hi hid hidden hide hierarchy high higher
    highest highlight highway hiking hint hip hire historic historical history hit hobby hold hole
    holiday home homepage homework honest honey hood hope horizon horizontal horn horror horse
    hospital hospitality host hostel hot hotel hotspot hottest hour house html hub hue hug huge
    human humidity hundred hung hunger hungry hunt hunter hurricane hurry hurt husband hybrid
    hydration hygiene ice iced icing icon id idea ideal identification identify identity idle ignore
    ill illness illustration illustrator image imagine immediate immigration impact imperial import
    important impression improve inactive inbox inch incident include incognito income incoming
    incorrect increase index indicator indigo indoor industrial industry infection influence info
    information infrared ingredient initial injury inner innovation input inquiry insect insecure
    insert inside insight insomnia inspect inspection inspiration install installment instant
    institute institution instruction instructor instrument insulin insurance intake integration
    intellectual intelligence intense intensity intention interaction interactive interest interface
    interior intermediate intermission internal international internet interrupt interval interview
    intro introduction invalid invention inventory invest investigation investment investor
    invisible invitation invite invoice ios ipad iphone iron island issue italian italic item
    itinerary jacket jail jam jan january jar javascript jaw jazz jeans jelly jewel jewellery
    jewelry job jog join joint joke journal journey joystick jpeg json judge juice jul july jump jun
    junction june jungle junior jury justice kayak kb kebab keep keeps kept kettle key keyboard
    keypad kg kid kill kilometer kind kindergarten king kiosk kiss kit kitchen kitten km knee knew
    knife knitting knob know known koala lab label laboratory lack ladder lady laid lake lamb lamp
    land landline landlord landmark landscape lane language laptop large larger largest laser late
    lateral latest latin latitude laugh launch launcher laundry lavender law lawn lawyer lay layer
    layout lazy lead leader leaderboard leadership leaf leaflet league leak learn leather leave
    leaving lecture led left leg legacy legal legend leisure lemon lend length lens lent lesson
    letter lettuce level liberty librarian library licence license lie life lifestyle lifetime lift
    light lightest lighthouse lightning limb lime limit limitation line linen lineup link linux lion
    lip liquid list listen listener listing lit literacy literature litre live livestream lizard
    load loan lobby lobster local localization location locator lock locker log logic login logo
    logon logout lonely long longer longest longitude look loop loose lose loss lost loud louder
    loudest lounge love low lower lowest loyal loyalty lte luck lucky luggage lunar lunch lung
    luxury lyric lyrics mac machine mad made magazine magic magnet magnifier maid mail mailbox main
    mainland maintenance major make makeup mall malware man manage management manager mango mansion
    manual manufacturer map maple mar marathon marble march margarita margin marine mark market
    marketplace marriage marry martial mask mass massage master mastery match matcha material
    maternity math mathematical mathematics mattress mature maximise maximize maximum may mayor mb
    meadow meal mean meant measure measurement meat mechanic mechanical medal media medical medicine
    meditate meditation medium meet meeting melody melon melt member membership memo memorial memory
    mental mention mentor menu merchandise merge merit mermaid mess message met metadata metal meter
    method metric metro mexican mic microphone microsoft microwave midday middle midnight midweek
    migration mild mile milestone military milk milkshake miller million millisecond min mind
    mineral mini minibus minimal minimise minimize minimum ministry minor minute mirror mismatch
    miss missed mission mist mistake mix mixer mixture mobile mobility modal mode model moderate
    moderator modern modify module moisture moisturizer mom moment mon monday money monitor monkey
    month monthly mood moon morning mortgage mosque motel mother motion motivation motor motorbike
    motorcycle motorway mount mountain mountaineering mouse moustache mouth move movement movie mp
    mph mud muffin multimedia multiplayer multiple multiplier mum muscle museum mushroom music
    musical musician mute mutual mystery myth nail name nanny nap napkin narrator narrow nasal
    nation national native nature navigate navigation navy nd nearby nearest neat neck necklace need
    needle negative neighbor neighborhood neighbourhood neon nerve nervous nest network neutral new
    newbie newborn newcomer newer newest news newsletter newspaper nfc nice nicer nickname night
    nightlife nightstand nine nineteen ninth node noise noodle noon normal north northern nose
    notable notch note notebook notes notice notification notify nov novel november numb number
    numeric nurse nursery nut nutrition oak object observation obstacle occasion occupation occur
    ocean oct october odd offensive offer office official offline offset oil ok okay old older
    oldest olive olympic omelette omit onboarding ongoing onion online opacity open opera operation
    operator opinion opportunity opposite optic optimise optimization optimize option optional
    orange orchestra order ordinary organ organic organisation organise organization organize
    organizer orientation origin original ornament orphan outage outcome outdoor outer outfit
    outgoing outlet outline outlook output outside outstanding oven overall overdue overnight
    overseas overtime overview owl owner ownership oxygen oyster pack package padding paddle page
    paid pain paint painter pair palace palette palm pan pancake panda pane panel panic panorama
    pants paper parachute parade paradise paragliding paragraph parcel parent parental parents
    parish park parking parrot part partial participant participate participation particular partner
    party pass passage passenger passion passive passport password past pasta paste pastry path
    patient patio patrol pattern pause pavement pay payment pdf pea peace peach peak peanut pear
    pedal pedestrian pediatric peer pen penalty pencil pending penguin pension people pepper percent
    percentage perfect performance performer perfume period periodic perk permanent permission
    person personal personalise personality personalization personalize perspective pet pharmacy
    phase philosophy phone photo photograph photographer photography phrase physical physics piano
    pick picker pickup picnic picture piece pig pillow pilot pin pineapple pink pipe pitch pivot
    pixel pizza pizzeria place placeholder placement plain plan plane planet plant plastic plate
    platform play playback player playlist plaza pleasure plug plugin plumber plumbing plural plus
    pm png pocket podcast poem poetry point polar police policy politics pollen pollution polo pony
    pool poor pop popular population popup porch pork port portable portal portfolio portion
    portrait position positive possibility possible post postal postcard postcode postpone pot
    potato potential pottery poultry pound powder power practical practice practise pray prayer
    precipitation precise precision prediction prefer preference pregnancy pregnant premiere premium
    prepare prescription presence present presentation presenter president press pressure pretty
    prevent prevention preview previous price pride primary prince princess principal principle
    print printer priority prison privacy private prize probability problem procedure process
    processor producer product productive productivity profession professional professor profile
    profit program programme progress progressive project promotion prompt pronunciation proof
    propane proper property proposal protect protection protein protocol prototype proud provide
    provider province proximity proxy pub public publish pull pumpkin punch puppy purchase purple
    purpose push puzzle qr qualification qualify quality quantity quarter queen quest question
    questionnaire queue quick quiet quieter quilt quit quiz quota quote rabbit race rack racket
    radar radiation radio radius rail railway rain rainbow rainforest rainy raise rally ram ramen
    ran ranch random rang range ranking rap rapid rare raspberry rate rating ratio raw rd reach
    reaction read reader ready real realistic reality rear rearrange reason rebate recap receipt
    receive received recent recently reception receptionist recipe recipient recognise recognition
    recognize recommend recommendation reconnect record recorder recording recover recovery
    recreation rectangle recycle red redeem redo reduce reel refer reference refill refine
    reflection reform refresh refrigerator refugee refund refuse region regional register
    registration regular regulation rehearsal reject related relation relationship relative relax
    relaxation release relevance relevant reliable relief religion religious reload remain remainder
    remark remedy remember remind reminder remix remote removable removal remove rename renew rent
    reopen repair repeat repeatable replace replay reply report representative reptile reputation
    request require reschedule research resend reserve reset residence resident residential
    resistance resize resolution resolve resort resource respect response responsible responsive
    rest restart restaurant restore result resume retail retailer retake retirement retrieve retro
    retry return reunion reusable reuse reveal revenue reverse review revision revolution reward
    rewind rhythm rib ribbon rice rich richer ridden ride rider ridesharing ridge right ring
    ringtone rink rise risk rival river riverside road roadside roaming roast robe robin robot rock
    rocket rodeo role roman roof rookie room roommate root rope rose rotate rotation rough round
    roundabout route routine row royal rub rug rugby rule run runner runway rural rush sad saddle
    safari safe safer safety said sail salad salary sale salmon salon salt sample sanctuary sandal
    sandwich sang sank sans sat satellite satisfaction satisfied saturday sauce saucer sauna sausage
    save saved saver say scale scam scan scanner scare scarf scary scatter scene scenic scent
    schedule scholarship school science scientific scientist scooter scope score scout scream screen
    screenshot script scroll scrubber sculpture sea seafood seal search searchable season seasonal
    seat second secondary secret secretary section sector secure security sedan seed seek seem seen
    segment select selection self selfie sell seller semester seminar send sender senior sense
    sensitive sensitivity sensor sent sentence sep separate separator september sequence serial
    series serious serve server service session set setting setup seven seventh several severe shade
    shadow shaft shake shampoo shape share shared shark sharp shave shed sheep sheet shelf shell
    shelter shift shine ship shipment shipping shirt shock shoe shone shook shop shopping shore
    shoreline short shortcut shorter shortest shot shoulder shout show showcase shower shown
    showroom showtime shrimp shrink shuffle shut shuttle sibling sick side sidebar sidewalk sight
    sign signal signin signup silence silent silk silver sim similar simple simulate simulator sing
    single sink siren sister sit site six sixth size sketch ski skill skin skincare skip skirt sky
    skyline slack slate sleep sleeve slept slice slid slide slider slideshow slim slip slogan slope
    slot slow slower slowest small smaller smallest smart smartphone smartwatch smell smile smoke
    smooth smoothie sms snack snap snapshot sneaker snooze snorkel snow snowboard snowfall soap
    soccer social sock soft softball software soil solar sold solid solo solution solve son song
    sore sort sought soul sound soup source south southern souvenir sovereign spa space spaghetti
    spam span spare spark spatial speak speaker spec special specialist specialty species specific
    specification specify spectacular spectrum speech speed spell spend spent spice spicy spider
    spike spin spinach spiral spirit spiritual splash split spoiler spoke spoon sport spot
    spreadsheet spring sprint spun spy squad square squash squeeze ssd ssl st stability stable stack
    stadium staff stage stain stair staircase stale stand standard standby standings star start
    startup state statement static station stationery statistics stats statue status stay steak
    steal steam steel steering step stereo stick sticker sticky stitch stock stole stomach stone
    stood stool stop stopover stopwatch storage store storm stormy story storyline stove straight
    stranger strategy strawberry streak stream street streetcar strength stress stretch strict
    strike strikethrough string stroke stroll strong stronger strongest structure stubborn stuck
    student studio study stuff stunning stupid style subject submarine submit subscribe subscription
    subtitle suburb subway succeed success successful sudden suffer sugar suggest suggestion suit
    suitable suitcase suite sum summarise summarize summary summer summit sun sunblock sunday
    sunflower sung sunglasses sunlight sunny sunrise sunscreen sunset super superhero superior
    supermarket supper supplier supply support supreme surf surface surgeon surgery surplus surprise
    surround survey suspect suspicious sustainability sustainable swam swap sweater sweatshirt sweet
    swept swift swim swimmer swimming swimsuit swing swipe switch switcher sword swore swung
    syllable symbol symmetry symphony symptom sync synchronise synchronize syndrome synonym syntax
    syrup system tab table tablet tackle taco tactic tag tail tailor take takeaway taken takeoff
    takeout talent talk tall tan tango tank tap tape target task taste tattoo taught tax taxi tea
    teach teacher teal team teammate tear teaser tech technical technician technique technology teen
    teenager teeth telephone telescope television tell temperature template temple temporary ten
    tenant tennis tension tent term terminal terms terrace terrain territory test testimonial tether
    text textbook texture th thai thanksgiving theater theft theme theory therapist therapy
    thermometer thermostat thick thin thing third thirsty thirteen thirty thought thoughtful
    thousand thread three threw thrift thriller throat throttle throw thu thumb thumbnail thunder
    thunderstorm thursday ticket tide tidy tie tiger tight tile time timeframe timeline timeout
    timer timestamp timetable timezone tip tire tired tissue title toast toddler toe tofu toggle
    toilet token told tolerance toll tomato tone tongue tonic took tool toolbar toolkit tooth top
    topic torch tore tornado tortilla total touch tough tour tourism tourist tournament towel tower
    town toxic toy trace track tracker trade traditional traffic tragedy trail train trainee trainer
    trait tram tranquil transaction transcript transfer transform transformation transit transition
    translate translation transparency transparent transport trash travel traveler traveller tray
    treasure treat treatment treaty tree trend trending trendy trial triangle tribe tribute trick
    trip trivia trolley trophy tropical trouble trousers trout truck true trumpet trust truth try
    tube tue tuesday tulip tuna tune tunnel turbo turkey turn turtle tutor tutorial tv tweet twelve
    twenty twice twin twist two type typical tyre ugly uhd ui ultimate ultra ultraviolet umbrella
    unable unarchive unavailable unbelievable unblock uncle underground underline understood
    underwear undo unfavorite unfinished unfollow unhide unicorn uniform union unique unit universal
    universe university unknown unlike unlimited unlock unmarried unmute unnamed unofficial unpin
    unplug unread unsafe unselect unshare unstable unsubscribe unsupported untitled unused upcoming
    update upgrade upload upper upright ups upset upside upstairs upstream urban urgent url usage
    usb use used useful user username usernames using usual utensil utility vacancy vacation vaccine
    vacuum valentine valet valid valley value vampire vanilla variant variation variety vault vegan
    vegetable vegetarian vehicle velocity vendor venue verb verdict verification verify version
    vertical vest veteran via vibrate vibration victory video view viewer villa village vinegar
    vintage vinyl violin vip virtual virus visibility visible vision visit visitor visual visualise
    visualize vital vitamin vivid vlog vocabulary vocal vocational voice voicemail volcano
    volleyball voltage volume vote voucher voyage vpn waist wait waiter waitlist waitress wake walk
    walking wall wallet wallpaper wander want war wardrobe warehouse warm warmer warmup warning
    warranty warrior wash washer waste watch water waterfall watermark watermelon waterpark
    waterproof wave wavelength waypoint weak wealth wear weather web webcam webpage website wed
    wedding wednesday week weekday weekend weekly weight weird welcome wellness went west western
    wet whale wheat wheel wheelchair white whole wholesale wi wide widescreen widget width wife wifi
    wiki wild wilderness wildlife willow win wind window windy wine wing winner winter wireless
    wisdom wise wish wishlist witch witness wizard woke wolf woman women won wonder wonderful wood
    wooden wool word wore work worker workflow workout workplace worksheet workshop workspace world
    worldwide worm worry worse worst worth wound wrap wrestle wrist write writer written wrong wrote
    yacht yard yarn year yearly yellow yoga yogurt young younger youngest yourself youth zebra zero
    zip zipper zodiac zombie zone zoo zoom
    """
)
