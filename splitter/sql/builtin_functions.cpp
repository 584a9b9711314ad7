#include "splitter/sql/builtin_functions.hpp"

#include "splitter/sql/word_index.hpp"

#include <array>
#include <cstddef>

// Names and versions: "Built-In Function and Operator Reference" of the MySQL manuals 5.7 to 9.7;
// MariaDB's knowledge base and information_schema.SQL_FUNCTIONS, tried one by one on MariaDB 10.11.
// A name is listed from the first version of each family that builds it in: before, a stored
// function may carry it.

namespace weir::splitter {
namespace {

constexpr std::uint32_t always = 0;
constexpr std::uint32_t never = 0xFFFFFFFF;

struct function_group {
    function_effect effect;
    std::uint32_t mysql_since;
    std::uint32_t mysql_until;  ///< the first version without it
    std::uint32_t mariadb_since;
    std::string_view names;  ///< each followed by one space
};

// clang-format off
constexpr std::array groups{
    // Arithmetic, strings, control flow, dates, digests: as old as any server that we meet.
    function_group{function_effect::pure, always, never, always,
        "abs acos adddate addtime aes_decrypt aes_encrypt ascii asin atan atan2 avg benchmark bin bit_and bit_count "
        "bit_length bit_or bit_xor cast ceil ceiling char_length character_length charset coalesce coercibility "
        "collation compress concat concat_ws conv convert_tz cos cot count crc32 curdate curtime date date_add "
        "date_format date_sub datediff day dayname dayofmonth dayofweek dayofyear degrees elt exp export_set extract "
        "extractvalue field find_in_set floor format from_base64 from_days from_unixtime get_format greatest "
        "group_concat hex hour ifnull inet6_aton inet6_ntoa inet_aton inet_ntoa instr is_ipv4 is_ipv4_compat "
        "is_ipv4_mapped is_ipv6 isnull last_day lcase least length ln locate log log10 log2 lower lpad ltrim make_set "
        "makedate maketime max md5 microsecond mid min minute month monthname name_const now nullif oct octet_length "
        "ord period_add period_diff pi position pow power quarter quote radians rand random_bytes reverse round rpad "
        "rtrim sec_to_time second session_user sha sha1 sha2 sign sin sleep soundex space sqrt std stddev stddev_pop "
        "stddev_samp str_to_date strcmp subdate substr substring substring_index subtime sum sysdate system_user tan "
        "time time_format time_to_sec timediff timestamp timestampadd timestampdiff to_base64 to_days to_seconds trim "
        "truncate ucase uncompress uncompressed_length unhex unix_timestamp updatexml upper user uuid uuid_short "
        "var_pop var_samp variance version week weekday weekofyear weight_string year yearweek "},
    // JSON.
    function_group{function_effect::pure, always, never, 100203,
        "json_array json_array_append json_array_insert json_contains json_contains_path json_depth json_extract "
        "json_insert json_keys json_length json_merge json_object json_quote json_remove json_replace json_search "
        "json_set json_type json_unquote json_valid "},
    function_group{function_effect::pure, always, never, 100204, "json_merge_patch json_merge_preserve "},
    function_group{function_effect::pure, always, never, 100500, "json_arrayagg json_objectagg "},
    function_group{function_effect::pure, always, never, never, "json_append json_storage_size "},
    function_group{function_effect::pure, 80000, never, never, "json_storage_free "},
    function_group{function_effect::pure, always, never, 101003, "json_pretty "},
    function_group{function_effect::pure, 80000, never, 100600, "json_table "},
    function_group{function_effect::pure, 80017, never, 100900, "json_overlaps "},
    function_group{function_effect::pure, 80017, never, 110100, "json_schema_valid "},
    function_group{function_effect::pure, 80017, never, never, "json_schema_validation_report "},
    function_group{function_effect::pure, 80021, never, 100203, "json_value "},
    function_group{function_effect::pure, 90400, never, never, "json_duality_object "},
    function_group{function_effect::pure, never, never, 100203, "json_exists json_query "},
    function_group{function_effect::pure, never, never, 100204, "json_compact json_detailed json_loose "},
    function_group{function_effect::pure, never, never, 100700, "json_equals json_normalize "},
    function_group{function_effect::pure, never, never, 110200,
        "json_array_intersect json_key_value json_object_filter_keys json_object_to_array "},
    // Windows.
    function_group{function_effect::pure, 80000, never, 100200,
        "cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number "},
    function_group{function_effect::pure, never, never, 100303, "median percentile_cont percentile_disc "},
    // Younger functions of MySQL.
    function_group{function_effect::pure, always, never, 110700, "any_value "},
    function_group{function_effect::pure, always, never, never, "gtid_subset gtid_subtract "},
    function_group{function_effect::pure, 80000, never, never,
        "bin_to_uuid grouping is_uuid uuid_to_bin regexp_like "},
    function_group{function_effect::pure, 80004, never, always, "regexp_instr regexp_replace regexp_substr "},
    function_group{function_effect::pure, 80004, never, never, "statement_digest statement_digest_text icu_version "},
    function_group{function_effect::pure, 80000, never, 100300, "current_role "},
    function_group{function_effect::pure, 80016, never, 110800, "format_bytes "},
    function_group{function_effect::pure, 80016, never, 110000, "format_pico_time "},
    function_group{function_effect::pure, 90000, never, never,
        "from_vector string_to_vector to_vector vector_dim vector_to_string "},
    function_group{function_effect::pure, 90300, never, never, "etag "},
    // Functions that MySQL 8 dropped and MariaDB kept.
    function_group{function_effect::pure, always, 80000, always, "decode encode encrypt password "},
    function_group{function_effect::pure, never, never, always, "old_password "},
    // Functions of MariaDB alone.
    function_group{function_effect::pure, never, never, always,
        "column_add column_check column_create column_delete column_exists column_get column_json column_list "
        "concat_operator_oracle decode_histogram "},
    function_group{function_effect::pure, never, never, 100300,
        "chr decode_oracle lengthb lpad_oracle ltrim_oracle nvl nvl2 replace_oracle rpad_oracle "
        "rtrim_oracle substr_oracle trim_oracle "},
    function_group{function_effect::pure, never, never, 100601, "add_months rownum sys_guid to_char "},
    function_group{function_effect::pure, never, never, 100700, "natural_sort_key sformat "},
    function_group{function_effect::pure, never, never, 100800, "crc32c "},
    function_group{function_effect::pure, never, never, 110300, "kdf "},
    function_group{function_effect::pure, never, never, 110700,
        "uuid_v4 uuid_v7 vec_distance vec_distance_cosine vec_distance_euclidean vec_fromtext vec_totext "},
    // Geometry of both families.
    function_group{function_effect::pure, always, never, always,
        "geometrycollection linestring mbrcontains mbrdisjoint mbrequals mbrintersects mbroverlaps mbrtouches "
        "mbrwithin multilinestring multipoint multipolygon point polygon st_area st_asbinary st_asgeojson st_astext "
        "st_aswkb st_aswkt st_buffer st_centroid st_contains st_convexhull st_crosses st_difference st_dimension "
        "st_disjoint st_distance st_endpoint st_envelope st_equals st_exteriorring st_geomcollfromtext "
        "st_geomcollfromwkb st_geometrycollectionfromtext st_geometrycollectionfromwkb st_geometryfromtext "
        "st_geometryfromwkb st_geometryn st_geometrytype st_geomfromgeojson st_geomfromtext st_geomfromwkb "
        "st_interiorringn st_intersection st_intersects st_isclosed st_isempty st_issimple st_length "
        "st_linefromtext st_linefromwkb st_linestringfromtext st_linestringfromwkb st_mlinefromtext "
        "st_mlinefromwkb st_mpointfromtext st_mpointfromwkb st_mpolyfromtext st_mpolyfromwkb "
        "st_multilinestringfromtext st_multilinestringfromwkb st_multipointfromtext st_multipointfromwkb "
        "st_multipolygonfromtext st_multipolygonfromwkb st_numgeometries st_numinteriorrings st_numpoints "
        "st_overlaps st_pointfromtext st_pointfromwkb st_pointn st_polyfromtext st_polyfromwkb "
        "st_polygonfromtext st_polygonfromwkb st_srid st_startpoint st_symdifference st_touches st_union "
        "st_within st_x st_y "},
    function_group{function_effect::pure, always, never, 101200,
        "st_geohash st_isvalid st_latfromgeohash st_longfromgeohash st_pointfromgeohash st_simplify st_validate "},
    function_group{function_effect::pure, always, never, never,
        "mbrcoveredby mbrcovers st_makeenvelope st_numinteriorring "},
    function_group{function_effect::pure, always, never, 100800, "st_distance_sphere "},
    function_group{function_effect::pure, 80000, never, never, "st_latitude st_longitude st_swapxy st_transform "},
    function_group{function_effect::pure, 80024, never, never,
        "st_collect st_frechetdistance st_hausdorffdistance st_interpolatepoint st_lineinterpolatepoint "
        "st_lineinterpolatepoints st_pointatdistance "},
    function_group{function_effect::pure, never, never, always,
        "st_boundary st_isring st_pointonsurface st_relate boundary isring pointonsurface "},
    function_group{function_effect::pure, always, 80000, always,
        "area asbinary astext aswkb aswkt buffer centroid contains convexhull crosses dimension disjoint endpoint "
        "envelope equals exteriorring geomcollfromtext geomcollfromwkb geometrycollectionfromtext "
        "geometrycollectionfromwkb geometryfromtext geometryfromwkb geometryn geometrytype geomfromtext geomfromwkb "
        "glength interiorringn intersects isclosed isempty issimple linefromtext linefromwkb linestringfromtext "
        "linestringfromwkb mlinefromtext mlinefromwkb mpointfromtext mpointfromwkb mpolyfromtext mpolyfromwkb "
        "multilinestringfromtext multilinestringfromwkb multipointfromtext multipointfromwkb "
        "multipolygonfromtext multipolygonfromwkb numgeometries numinteriorrings numpoints overlaps pointfromtext "
        "pointfromwkb pointn polyfromtext polyfromwkb polygonfromtext polygonfromwkb srid startpoint touches within "
        "x y "},
    // The answer belongs to a connection or to a server.
    function_group{function_effect::server_local, always, never, always,
        "connection_id is_free_lock is_used_lock load_file master_pos_wait "},
    function_group{function_effect::server_local, always, never, never,
        "validate_password_strength wait_for_executed_gtid_set wait_until_sql_thread_after_gtids "},
    function_group{function_effect::server_local, 80000, never, never,
        "ps_current_thread_id ps_thread_id source_pos_wait roles_graphml "},
    function_group{function_effect::server_local, never, never, always,
        "binlog_gtid_pos master_gtid_wait wsrep_last_seen_gtid wsrep_last_written_gtid wsrep_sync_wait_upto_gtid "},
    function_group{function_effect::reads_previous, always, never, always, "last_insert_id "},
    function_group{function_effect::reads_diagnostics, always, never, always, "found_rows row_count "},
    function_group{function_effect::reads_previous, never, never, 100300, "lastval "},
    function_group{function_effect::takes_lock, always, never, always, "get_lock release_lock "},
    function_group{function_effect::takes_lock, always, never, 100502, "release_all_locks "},
    function_group{function_effect::takes_lock, always, never, never,
        "service_get_read_locks service_get_write_locks service_release_locks "},
    function_group{function_effect::writes, never, never, 100300, "nextval setval "},
};
// clang-format on

/// Names that are built in only if the parenthesis follows at once, unless IGNORE_SPACE is set.
constexpr std::array<std::string_view, 34> names_that_need_adjacency{
    "adddate",       "bit_and",        "bit_or",    "bit_xor",  "cast",       "count",
    "curdate",       "curtime",        "date_add",  "date_sub", "extract",    "group_concat",
    "json_arrayagg", "json_objectagg", "max",       "mid",      "min",        "now",
    "position",      "session_user",   "std",       "stddev",   "stddev_pop", "stddev_samp",
    "subdate",       "substr",         "substring", "sum",      "sysdate",    "system_user",
    "trim",          "variance",       "var_pop",   "var_samp",
};

constexpr std::size_t function_count = [] {
    std::size_t count = 0;
    for (const function_group& group : groups) {
        for (const char c : group.names)
            count += c == ' ' ? 1U : 0U;
    }
    return count;
}();

struct function_entry {
    std::string_view text;
    std::uint8_t group = 0;
    bool needs_adjacency = false;
};

constexpr bool needs_adjacency(std::string_view name) noexcept {
    for (const std::string_view candidate : names_that_need_adjacency) {
        if (candidate == name) return true;
    }
    return false;
}

constexpr std::array<function_entry, function_count> all_functions = [] {
    std::array<function_entry, function_count> filled{};
    std::size_t size = 0;
    for (std::size_t group = 0; group < groups.size(); ++group) {
        std::string_view names = groups[group].names;
        while (!names.empty()) {
            const std::string_view name = names.substr(0, names.find(' '));
            filled[size++] = {name, static_cast<std::uint8_t>(group), needs_adjacency(name)};
            names.remove_prefix(name.size() + 1);
        }
    }
    return filled;
}();

constexpr word_index<1024> index_of_functions{all_functions};
static_assert(all_functions.size() < 700, "the index is to stay loosely filled");

}  // namespace

function_effect effect_of_function(
    std::string_view name, call_form form, const lexer_options& options
) noexcept {
    const std::uint16_t position = index_of_functions.find(name, all_functions);
    if (position == word_index<1024>::npos) return function_effect::unproven;
    const function_entry& entry = all_functions[position];
    const function_group& group = groups[entry.group];
    // A function that acts is believed on every server: if it is not built in, it is unproven all
    // the same.
    const bool mysql = options.flavor == protocol::mysql::server_flavor::mysql;
    const std::uint32_t since = mysql ? group.mysql_since : group.mariadb_since;
    const std::uint32_t version = options.server_version;
    const bool removed = mysql && version >= group.mysql_until;
    const bool built_in = since == always || (since != never && version >= since);
    if (!built_in || removed) {
        return group.effect == function_effect::takes_lock ? function_effect::takes_lock
                                                           : function_effect::unproven;
    }
    const bool misplaced =
        entry.needs_adjacency && form == call_form::spaced && !options.ignore_space;
    return misplaced ? function_effect::unproven : group.effect;
}

}  // namespace weir::splitter
