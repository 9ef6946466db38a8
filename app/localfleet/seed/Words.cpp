// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/seed/Words.h"

#include <array>
#include <string_view>

namespace shardlens::seed
{

namespace
{

using Word = std::string_view;

struct Spelled {
    Word full;
    Word plain; ///< in ASCII, for the user name
};

constexpr std::array<Spelled, 60> givenNames{{
    {"Maria", "maria"},   {"Ana", "ana"},           {"Luis", "luis"},         {"Zoë", "zoe"},         {"Łukasz", "lukasz"},
    {"Søren", "soren"},   {"Chloé", "chloe"},       {"José", "jose"},         {"Björn", "bjorn"},     {"Aylin", "aylin"},
    {"Emre", "emre"},     {"Yuki", "yuki"},         {"さくら", "sakura"},     {"健太", "kenta"},      {"Wei", "wei"},
    {"小明", "xiaoming"}, {"Min-jun", "minjun"},    {"서연", "seoyeon"},      {"Priya", "priya"},     {"Arjun", "arjun"},
    {"अनिल", "anil"},     {"Fatima", "fatima"},     {"محمد", "mohammed"},     {"ליאת", "liat"},       {"Noah", "noah"},
    {"Olivia", "olivia"}, {"Liam", "liam"},         {"Emma", "emma"},         {"Mateo", "mateo"},     {"Sofia", "sofia"},
    {"Иван", "ivan"},     {"Ольга", "olga"},        {"Katarina", "katarina"}, {"Ngozi", "ngozi"},     {"Kwame", "kwame"},
    {"Amina", "amina"},   {"Thandiwe", "thandiwe"}, {"Siobhán", "siobhan"},   {"Rhys", "rhys"},       {"Freja", "freja"},
    {"Mikko", "mikko"},   {"Ingrid", "ingrid"},     {"Giulia", "giulia"},     {"Marco", "marco"},     {"Élodie", "elodie"},
    {"Hugo", "hugo"},     {"Greta", "greta"},       {"Jonas", "jonas"},       {"Beatriz", "beatriz"}, {"Thiago", "thiago"},
    {"Camila", "camila"}, {"Diego", "diego"},       {"Grace", "grace"},       {"Ethan", "ethan"},     {"Maya", "maya"},
    {"Leo", "leo"},       {"Dewi", "dewi"},         {"Nguyễn An", "an"},      {"Aroha", "aroha"},     {"Kalani", "kalani"},
}};

constexpr std::array<Spelled, 50> familyNames{{
    {"Silva", "silva"},
    {"García", "garcia"},
    {"Nowak", "nowak"},
    {"Müller", "mueller"},
    {"Jensen", "jensen"},
    {"Yılmaz", "yilmaz"},
    {"田中", "tanaka"},
    {"佐藤", "sato"},
    {"王", "wang"},
    {"김", "kim"},
    {"Patel", "patel"},
    {"Sharma", "sharma"},
    {"Khan", "khan"},
    {"حسن", "hassan"},
    {"Cohen", "cohen"},
    {"Smith", "smith"},
    {"Johnson", "johnson"},
    {"Brown", "brown"},
    {"Rossi", "rossi"},
    {"Dubois", "dubois"},
    {"Иванов", "ivanov"},
    {"Novák", "novak"},
    {"Okafor", "okafor"},
    {"Mensah", "mensah"},
    {"Diallo", "diallo"},
    {"Dlamini", "dlamini"},
    {"O'Brien", "obrien"},
    {"Evans", "evans"},
    {"Lindqvist", "lindqvist"},
    {"Virtanen", "virtanen"},
    {"Hansen", "hansen"},
    {"Ferrari", "ferrari"},
    {"Moreau", "moreau"},
    {"Fischer", "fischer"},
    {"Costa", "costa"},
    {"Pereira", "pereira"},
    {"Rodríguez", "rodriguez"},
    {"Fernández", "fernandez"},
    {"Nguyen", "nguyen"},
    {"Tran", "tran"},
    {"Santos", "santos"},
    {"Wijaya", "wijaya"},
    {"Papadopoulos", "papadopoulos"},
    {"Horváth", "horvath"},
    {"Popescu", "popescu"},
    {"Kovalenko", "kovalenko"},
    {"Walker", "walker"},
    {"Young", "young"},
    {"Te Rangi", "terangi"},
    {"Kealoha", "kealoha"},
}};

constexpr std::array<Word, 24> hobbies{
    "film photography", "trail running", "street food", "ceramics",     "surfing",       "gardening",    "chess", "climbing",
    "old bikes",        "birds",         "baking",      "architecture", "skateboarding", "sea swimming", "vinyl", "calligraphy",
    "coffee",           "night skies",   "knitting",    "football",     "dogs",          "cats",         "maps",  "tea"};
constexpr std::array<Word, 20> cities{"Lisbon",   "Kraków",  "Osaka",     "Lagos",  "São Paulo", "Mexico City", "Istanbul",
                                      "Mumbai",   "Seoul",   "Cape Town", "Berlin", "Oslo",      "Portland",    "Montréal",
                                      "Auckland", "Nairobi", "Hanoi",     "Naples", "Bogotá",    "Reykjavík"};
constexpr std::array<Word, 26> scenes{"Morning light",
                                      "Last one of the roll",
                                      "Found this on the way home",
                                      "Rain again",
                                      "First snow",
                                      "Late lunch",
                                      "Golden hour",
                                      "View from the roof",
                                      "Sunday market",
                                      "Old town",
                                      "Long weekend",
                                      "Back here after years",
                                      "Low tide",
                                      "New shoes, same road",
                                      "The best noodles",
                                      "Somebody is sleepy",
                                      "Before the storm",
                                      "Quiet streets",
                                      "My grandmother's recipe",
                                      "Fog over the bridge",
                                      "Last train",
                                      "Finally finished",
                                      "Up at five for this",
                                      "Half marathon done",
                                      "Neighbours",
                                      "Blue door, no. 14"};
constexpr std::array<Word, 22> tags{
    "#nofilter",          "#35mm",   "#travel", "#foodie",       "#sunset",  "#catsofinstagram", "#dogs",     "#architecture", "#tbt",
    "#streetphotography", "#coffee", "#sea",    "#mountains",    "#minimal", "#vintage",         "#portrait", "#home",         "#weekend",
    "#running",           "#art",    "#love",   "#blackandwhite"};
constexpr std::array<Word, 16> marks{"☀️", "🌊", "🍜", "🐕", "🐈", "🌿", "❤️", "😂", "✨", "📷", "🏔️", "🌧️", "☕", "🎉", "🙌", "🔥"};
constexpr std::array<Word, 24> remarks{"so good",
                                       "love this",
                                       "where is this?",
                                       "wow",
                                       "need to go there",
                                       "this light",
                                       "miss you!",
                                       "beautiful",
                                       "haha",
                                       "which film?",
                                       "great shot",
                                       "looks delicious",
                                       "see you next week?",
                                       "how long did it take?",
                                       "the colours",
                                       "so jealous",
                                       "happy birthday!",
                                       "recipe please",
                                       "that sky",
                                       "congrats!",
                                       "cutest",
                                       "take me with you",
                                       "is that the new lens?",
                                       "proud of you"};
constexpr std::array<Word, 12> filters{"",         "Clarendon", "Juno",      "Lark",      "Gingham", "Valencia",
                                       "X-Pro II", "Lo-Fi",     "Earlybird", "Nashville", "Inkwell", "Moon"};
constexpr std::array<Word, 8> devices{"iPhone 4", "iPhone 6s", "iPhone 12", "Galaxy S4", "Galaxy S21", "Pixel 6", "Moto G", "Web"};

template <class List>
const auto &pick(Random &random, const List &list)
{
    return list[random.below(list.size())];
}

std::string number(Random &random, std::uint64_t from, std::uint64_t to)
{
    return std::to_string(from + random.below(to - from + 1));
}

} // namespace

PersonName personName(Random &random)
{
    const Spelled &given = pick(random, givenNames);
    const Spelled &family = pick(random, familyNames);
    PersonName name;
    name.full = std::string(given.full) + " " + std::string(family.full);
    const std::string first(given.plain);
    const std::string last(family.plain);
    switch (random.below(7)) {
    case 0: name.user = first + "." + last; break;
    case 1: name.user = first + "_" + last; break;
    case 2: name.user = first + last; break;
    case 3: name.user = first + number(random, 70, 99); break;
    case 4: name.user = first.substr(0, 1) + last; break;
    case 5: name.user = "the." + first; break;
    default: name.user = last + "_" + first.substr(0, 2) + number(random, 1, 999);
    }
    return name;
}

std::string bio(Random &random)
{
    if (random.chance(0.3))
        return {};
    std::string text(pick(random, hobbies));
    text += " · ";
    text += pick(random, hobbies);
    if (random.chance(0.6))
        text += " · " + std::string(pick(random, cities));
    if (random.chance(0.4))
        text += " " + std::string(pick(random, marks));
    return text;
}

std::string caption(Random &random)
{
    if (random.chance(0.12))
        return {};
    std::string text(pick(random, scenes));
    if (random.chance(0.3))
        text += " in " + std::string(pick(random, cities));
    if (random.chance(0.4))
        text += " " + std::string(pick(random, marks));
    for (std::uint64_t n = random.below(4); n > 0; --n)
        text += " " + std::string(pick(random, tags));
    return text;
}

std::string commentText(Random &random)
{
    std::string text(pick(random, remarks));
    if (random.chance(0.35))
        text += " " + std::string(pick(random, marks));
    return text;
}

std::string filterName(Random &random)
{
    return std::string(pick(random, filters));
}

std::string phone(Random &random)
{
    return "+1 " + number(random, 201, 989) + " 555 01" + std::to_string(random.below(10)) + std::to_string(random.below(10));
}

std::string address(Random &random)
{
    constexpr std::array<Word, 3> ranges{"192.0.2.", "198.51.100.", "203.0.113."};
    return std::string(pick(random, ranges)) + number(random, 1, 254);
}

std::string device(Random &random)
{
    return std::string(pick(random, devices));
}

} // namespace shardlens::seed
