// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Owner.h"
#include "app/localfleet/Up.h"

namespace shardlens::localfleet {

namespace fs = std::filesystem;

std::vector<fs::path> SchemaFiles::places()
{
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    // PREFIX/bin/shardlens-localfleet finds PREFIX/share/shardlens/sql.
    return {program.parent_path().parent_path() / "share" / "shardlens" / "sql", fs::path(SHARDLENS_SOURCE_DIR) / "resources" / "sql"};
}

SchemaFiles SchemaFiles::load()
{
    const AsRoot root;
    SchemaFiles files;
    for (const fs::path &place : places()) {
        std::error_code error;
        for (const auto &entry : fs::directory_iterator(place, error)) {
            if (entry.path().extension() == ".sql")
                files.texts[entry.path().filename().string()] = readFile(entry.path()).value_or(std::string());
        }
        if (!files.texts.empty())
            return files;
    }
    return files;
}

} // namespace shardlens::localfleet
