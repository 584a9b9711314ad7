#include "splitter/sql/keyword_table.hpp"

#include "splitter/sql/word_index.hpp"

#include <array>

// The words come from "Keywords and Reserved Words" of the MySQL 5.7 to 9.7 manuals and from
// MariaDB's information_schema.KEYWORDS, tried one by one as column names on MariaDB 10.11. A word
// that only some servers reserve is `plain`; of the words that no server reserves, only those are
// here that start a statement which the classifier knows or that may stand directly before an
// expression.

namespace weir::splitter {
namespace {

constexpr std::string_view query_words =
    "all and asc between bigint binary blob both by case collate convert cross "
    "current_date current_time current_timestamp current_user database databases "
    "day_hour day_microsecond day_minute day_second dec decimal default distinct "
    "distinctrow div double dual else exists false fetch float float4 float8 force "
    "group having high_priority hour_microsecond hour_minute hour_second if "
    "ignore in inner int int1 int2 int3 int4 int8 integer interval is join keys "
    "leading left like localtime localtimestamp long longblob longtext match "
    "mediumblob mediumint mediumtext middleint minute_microsecond minute_second mod "
    "natural not null numeric on or order outer precision primary range real regexp "
    "repeat right rlike schema schemas second_microsecond separator smallint "
    "sql_big_result sql_small_result straight_join then tinyblob tinyint tinytext to "
    "trailing true unsigned using utc_date utc_time utc_timestamp varbinary "
    "varchar varcharacter varying when where xor year_month zerofill ";

constexpr std::string_view not_in_query_words =
    "accessible add alter asensitive before cascade change check column condition "
    "constraint continue cursor declare delayed deterministic each elseif enclosed "
    "escaped exit foreign fulltext grant infile inout insensitive into iterate kill "
    "leave linear lines load loop low_priority master_ssl_verify_server_cert maxvalue "
    "modifies no_write_to_binlog optimize option optionally out outfile procedure "
    "purge read read_write reads references release rename require resignal restrict "
    "return revoke sensitive signal spatial specific sql sqlexception sqlstate "
    "sqlwarning ssl starting terminated trigger undo unique usage while write ";

constexpr std::string_view modifier_words =
    "any datetime nchar rollup row some sql_buffer_result sql_cache sql_no_cache ";

constexpr std::string_view plain_words =
    "cube elsif empty end escape external goto groups manual minus next "
    "parallel previous qualify recursive ref_system_id rows sounds stored system_time "
    "tablesample until window ";

constexpr std::array words_with_meaning{
    keyword_entry{"analyze", keyword::analyze, keyword_class::not_in_query},
    keyword_entry{"as", keyword::as, keyword_class::query},
    keyword_entry{"backup", keyword::backup, keyword_class::plain},
    keyword_entry{"begin", keyword::begin, keyword_class::plain},
    keyword_entry{"call", keyword::call, keyword_class::not_in_query},
    keyword_entry{"char", keyword::char_word, keyword_class::query},
    keyword_entry{"character", keyword::character, keyword_class::query},
    keyword_entry{"commit", keyword::commit, keyword_class::plain},
    keyword_entry{"create", keyword::create, keyword_class::not_in_query},
    keyword_entry{"deallocate", keyword::deallocate, keyword_class::plain},
    keyword_entry{"delete", keyword::delete_word, keyword_class::not_in_query},
    keyword_entry{"desc", keyword::desc, keyword_class::query},
    keyword_entry{"describe", keyword::describe, keyword_class::not_in_query},
    keyword_entry{"do", keyword::other, keyword_class::plain},
    keyword_entry{"drop", keyword::drop, keyword_class::not_in_query},
    keyword_entry{"except", keyword::except, keyword_class::plain},
    keyword_entry{"execute", keyword::execute, keyword_class::plain},
    keyword_entry{"explain", keyword::explain, keyword_class::not_in_query},
    keyword_entry{"flush", keyword::flush, keyword_class::plain},
    keyword_entry{"for", keyword::for_word, keyword_class::query},
    keyword_entry{"from", keyword::from, keyword_class::query},
    keyword_entry{"get", keyword::get, keyword_class::plain},
    keyword_entry{"global", keyword::global, keyword_class::plain},
    keyword_entry{"handler", keyword::handler, keyword_class::plain},
    keyword_entry{"help", keyword::help, keyword_class::plain},
    keyword_entry{"index", keyword::index, keyword_class::query},
    keyword_entry{"insert", keyword::insert, keyword_class::query},
    keyword_entry{"intersect", keyword::intersect, keyword_class::plain},
    keyword_entry{"key", keyword::key, keyword_class::query},
    keyword_entry{"lateral", keyword::lateral, keyword_class::plain},
    keyword_entry{"limit", keyword::limit, keyword_class::query},
    keyword_entry{"local", keyword::local, keyword_class::plain},
    keyword_entry{"lock", keyword::lock, keyword_class::not_in_query},
    keyword_entry{"of", keyword::of, keyword_class::plain},
    keyword_entry{"offset", keyword::offset, keyword_class::plain},
    keyword_entry{"over", keyword::over, keyword_class::plain},
    keyword_entry{"partition", keyword::partition, keyword_class::query},
    keyword_entry{"prepare", keyword::prepare, keyword_class::plain},
    keyword_entry{"replace", keyword::replace, keyword_class::query},
    keyword_entry{"returning", keyword::returning, keyword_class::plain},
    keyword_entry{"rollback", keyword::rollback, keyword_class::plain},
    keyword_entry{"select", keyword::select, keyword_class::query},
    keyword_entry{"session", keyword::session, keyword_class::plain},
    keyword_entry{"set", keyword::set, keyword_class::query},
    keyword_entry{"show", keyword::show, keyword_class::not_in_query},
    keyword_entry{"sql_calc_found_rows", keyword::sql_calc_found_rows, keyword_class::query},
    keyword_entry{"start", keyword::start, keyword_class::plain},
    keyword_entry{"table", keyword::table, keyword_class::query},
    keyword_entry{"tables", keyword::tables, keyword_class::plain},
    keyword_entry{"temporary", keyword::temporary, keyword_class::plain},
    keyword_entry{"timestamp", keyword::timestamp, keyword_class::plain},
    keyword_entry{"transaction", keyword::transaction, keyword_class::plain},
    keyword_entry{"union", keyword::union_word, keyword_class::query},
    keyword_entry{"unlock", keyword::unlock, keyword_class::not_in_query},
    keyword_entry{"update", keyword::update, keyword_class::not_in_query},
    keyword_entry{"use", keyword::use, keyword_class::query},
    keyword_entry{"value", keyword::value, keyword_class::plain},
    keyword_entry{"values", keyword::values, keyword_class::query},
    keyword_entry{"with", keyword::with, keyword_class::query},
    keyword_entry{"xa", keyword::xa, keyword_class::plain},
};

constexpr std::size_t count_words(std::string_view words) noexcept {
    std::size_t count = 0;
    for (const char c : words)
        count += c == ' ' ? 1U : 0U;
    return count;
}

constexpr std::size_t word_count = words_with_meaning.size() + count_words(query_words) +
                                   count_words(not_in_query_words) + count_words(modifier_words) +
                                   count_words(plain_words);

struct keyword_list {
    std::array<keyword_entry, word_count> entries{};
    std::size_t size = 0;

    /// Every word of `words` is followed by one space.
    constexpr void add(std::string_view words, keyword_class what) noexcept {
        while (!words.empty()) {
            const std::size_t length = words.find(' ');
            entries[size++] = keyword_entry{words.substr(0, length), keyword::other, what};
            words.remove_prefix(length + 1);
        }
    }
};

constexpr std::array<keyword_entry, word_count> all_keywords = [] {
    keyword_list list;
    for (const keyword_entry& entry : words_with_meaning)
        list.entries[list.size++] = entry;
    list.add(query_words, keyword_class::query);
    list.add(not_in_query_words, keyword_class::not_in_query);
    list.add(modifier_words, keyword_class::modifier);
    list.add(plain_words, keyword_class::plain);
    return list.entries;
}();

constexpr word_index<1024> index_of_words{all_keywords};

}  // namespace

const keyword_entry* find_keyword(std::string_view word) noexcept {
    const std::uint16_t position = index_of_words.find(word, all_keywords);
    return position == word_index<1024>::npos ? nullptr : &all_keywords[position];
}

}  // namespace weir::splitter
