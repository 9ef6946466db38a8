# SPDX-License-Identifier: GPL-3.0-or-later
# Files of resources/sql as texts inside a program, so that there is nothing to find when it runs.
#   shardlens_sql_texts(MADE_CPP HEADER NAMESPACE name...)
# Makes MADE_CPP, which defines `const char *const <name>Text` of each <name>.sql in that namespace; usersShard is users_shard.sql.
set(SHARDLENS_SQL_FOLDER ${CMAKE_CURRENT_LIST_DIR})
function(shardlens_sql_texts made header namespace)
    set(source "// Made from resources/sql by CMake.\n#include \"${header}\"\n\nnamespace ${namespace} {\n")
    foreach(text IN LISTS ARGN)
        string(REPLACE "Shard" "_shard" name ${text})
        set(file ${SHARDLENS_SQL_FOLDER}/${name}.sql)
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
        file(READ ${file} content)
        string(APPEND source "const char *const ${text}Text = R\"sql(${content})sql\";\n")
    endforeach()
    string(APPEND source "} // namespace ${namespace}\n")
    file(CONFIGURE OUTPUT ${made} CONTENT "${source}" @ONLY)
endfunction()
