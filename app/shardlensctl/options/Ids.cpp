// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/options/Commands.h"

namespace shardlens::ctl {

void addIdCommands(CLI::App &root, Options &options)
{
    CLI::App *group = addGroup(root, "id", "Take IDs apart and put them together", options);
    CLI::App *decode =
        addCommand(*group, "decode", "When an ID was minted, by which shard, with which sequence", options, Command::IdDecode);
    decode->add_option(
        "ANY", options.texts,
        "IDs, shortcodes, links, <media>_<owner>; none: a line each from standard input. Put -- before what begins with a hyphen");
    CLI::App *encode = addCommand(*group, "encode", "The ID that a shard would have minted", options, Command::IdEncode);
    encode->add_option("--minted", options.minted, "When: 2022-01-29T21:35:41.033Z, or Unix milliseconds")->required()->type_name("TIME");
    encode->add_option("--shard", options.shard, "The logical shard")->required()->type_name("N");
    encode->add_option("--sequence", options.sequence, "The sequence, 0 if not given")->type_name("N");
}

} // namespace shardlens::ctl
