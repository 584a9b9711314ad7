#include "splitter/session/pin_effects.hpp"

#include "splitter/sql/classifier.hpp"
#include "splitter/sql/set_statement.hpp"
#include "splitter/sql/system_objects.hpp"
#include "splitter/sql/word.hpp"

#include <algorithm>
#include <array>

namespace weir::splitter {
namespace {

using kind = pin_effect::kind;

/// The statements of a text, one after the other.
class effect_reader {
public:
    effect_reader(std::string_view text, std::string_view schema, const lexer_options& options)
        : text_(text), schema_(schema), options_(options), lexer_(text, options) {
        advance();
    }

    /// Every reason to pin that the text may have is among the effects.
    [[nodiscard]] bool explains() const { return explains_; }

    std::vector<pin_effect> run() {
        std::size_t statements = 0;
        while (current_.kind != token_kind::end) {
            if (!current_.is(';')) {
                read_statement();
                ++statements;
            }
            advance();
        }
        // The role that one statement sets is known afterwards.
        if (statements == 1) {
            std::erase_if(effects_, [](const pin_effect& one) {
                return one.cause == pin_cause::role;
            });
        }
        if (statements > 1) {
            std::erase_if(effects_, [](const pin_effect& one) {
                return one.what == kind::remove || one.what == kind::remove_all;
            });
            for (auto& one : effects_)
                one.undone_by_error = false;
        }
        return std::move(effects_);
    }

private:
    void advance() { current_ = lexer_.next(); }

    [[nodiscard]] bool is_over() const {
        return current_.kind == token_kind::end || current_.is(';');
    }

    [[nodiscard]] bool is(std::string_view word) const {
        const bool is_word =
            current_.kind == token_kind::keyword || current_.kind == token_kind::identifier;
        return is_word && same_word(current_.text, word);
    }

    bool accept(std::string_view word) {
        const bool found = is(word);
        if (found) advance();
        return found;
    }

    void add(pin_cause cause, std::string name = {}) {
        effects_.push_back({kind::add, cause, std::move(name), true});
    }

    /// There is one of it, and failing to make another one takes nothing away.
    void add_once(pin_cause cause, std::string name = {}) {
        effects_.push_back({kind::add_once, cause, std::move(name), false});
    }

    void remove(pin_cause cause, std::string name) {
        effects_.push_back({kind::remove, cause, std::move(name), false});
    }

    void remove_all(pin_cause cause) { effects_.push_back({kind::remove_all, cause, {}, false}); }

    /// A name without its quotes.
    std::string name() {
        std::string found = unquoted(current_.text, options_);
        if (current_.kind == token_kind::quoted_identifier && found.size() >= 2 &&
            found.front() == '`')
            found = found.substr(1, found.size() - 2);
        advance();
        return found;
    }

    std::string table_name() {
        std::string schema(schema_);
        std::string table = name();
        if (current_.is('.')) {
            advance();
            schema = std::move(table);
            table = name();
        }
        return schema + "." + table;
    }

    void read_statement() {
        begin_ = static_cast<std::size_t>(current_.text.data() - text_.data());
        const token verb = current_;
        advance();
        explains_ = explains_ && is_known_verb(verb);
        for (const verb_reader& one : verb_readers) {
            if (verb.is(one.verb)) (this->*one.read)();
        }
        scan_functions(verb);
    }

    /// What these may leave is looked for here.
    struct verb_reader {
        keyword verb;
        void (effect_reader::*read)();
    };

    static const std::array<verb_reader, 14> verb_readers;

    /// Each reason of these to pin has an effect; what else may pin has none that is known.
    [[nodiscard]] static bool is_known_verb(const token& verb) {
        constexpr std::array others{keyword::begin, keyword::start, keyword::set};
        const bool is_read = std::ranges::any_of(verb_readers, [&](const verb_reader& one) {
            return verb.is(one.verb);
        });
        return is_read && std::ranges::none_of(others, [&](keyword one) { return verb.is(one); });
    }

    void lock() { add_once(is("instance") ? pin_cause::backup_lock : pin_cause::table_lock); }

    void unlock() { remove_all(is("instance") ? pin_cause::backup_lock : pin_cause::table_lock); }

    void deallocate() {
        if (accept("prepare")) remove(pin_cause::sql_prepare, name());
    }

    void execute() {
        if (accept("immediate")) run_text();
    }

    /// A transaction that begins unlocks tables.
    void begin() { remove(pin_cause::table_lock, {}); }

    void start() {
        if (is("transaction")) begin();
    }

    void create() {
        const bool replaces = accept("or") && accept("replace");
        if (!accept("temporary")) return;
        if (!accept("table") && !accept("sequence")) return;
        const bool is_maybe_there = accept("if") && accept("not") && accept("exists");
        if (replaces || is_maybe_there) {
            add_once(pin_cause::temporary_table, table_name());
        } else {
            add(pin_cause::temporary_table, table_name());
        }
    }

    void drop() {
        if (accept("prepare")) return remove(pin_cause::sql_prepare, name());
        accept("temporary");
        if (!accept("table") && !accept("tables")) return;
        if (accept("if")) accept("exists");
        while (!is_over()) {
            remove(pin_cause::temporary_table, table_name());
            if (!current_.is(',')) return;
            advance();
        }
    }

    /// FLUSH ... WITH READ LOCK, FLUSH ... FOR EXPORT, FLUSH STATUS.
    void flush() {
        bool names_tables = false;
        while (!is_over()) {
            names_tables = names_tables || is("table") || is("tables");
            if (!names_tables && is("status")) add_once(pin_cause::session_status);
            const bool locks = is("with") || is("for");
            advance();
            if (locks && (is("read") || is("export"))) add_once(pin_cause::table_lock, "flush");
        }
    }

    void backup() {
        if (accept("unlock") || (accept("stage") && accept("end")))
            return remove_all(pin_cause::backup_lock);
        add_once(pin_cause::backup_lock);
    }

    void handler() {
        std::string table = name();
        if (current_.is('.')) {
            advance();
            table = name();
        }
        if (accept("close")) return remove(pin_cause::handler, table);
        if (!accept("open")) return;
        accept("as");
        if (!is_over()) table = name();
        add(pin_cause::handler, table);
    }

    /// The text of a statement that is prepared may do what any text may, once it is executed.
    void prepare() {
        std::string prepared = name();
        effects_.push_back({kind::add_once, pin_cause::sql_prepare, std::move(prepared), true});
        if (accept("from")) run_text();
    }

    /// A text in a string; any other expression could be anything.
    void run_text() {
        if (current_.kind != token_kind::string) return add_once(pin_cause::not_understood);
        const std::string inner = unquoted(current_.text, options_);
        const statement_traits traits = classify(inner, options_);
        if (traits.pins || traits.sets_role) add_once(pin_cause::not_understood);
    }

    void xa() {
        if (accept("start") || accept("begin")) return add(pin_cause::xa);
        if (accept("prepare") || accept("commit") || accept("rollback"))
            return remove_all(pin_cause::xa);
    }

    void set() {
        if (is("role")) return add_once(pin_cause::role);
        const set_statement statement = parse_set(text_.substr(begin_), options_);
        for (const auto& assignment : statement.assignments()) {
            const bool is_default = assignment.value_kind == set_value_kind::word &&
                                    same_word(assignment.value, "default");
            const bool is_bound = assignment.target == set_target::session_variable ||
                                  assignment.target == set_target::unscoped_system_variable;
            if (!is_bound || !is_bound_to_connection(assignment.name)) continue;
            if (is_default && !is_about_tracking(assignment.name)) {
                remove(pin_cause::connection_variable, std::string(assignment.name));
            } else {
                add_once(pin_cause::connection_variable, std::string(assignment.name));
            }
        }
    }

    /// Functions that take and give back locks, wherever they stand.
    void scan_functions(const token& verb) {
        token before = verb;
        while (!is_over()) {
            const token word = current_;
            advance();
            if (current_.is('(') && word.kind == token_kind::identifier && !before.is('.'))
                lock_function(word.text);
            before = word;
        }
    }

    void lock_function(std::string_view function) {
        const bool takes = same_word(function, "get_lock");
        const bool gives = same_word(function, "release_lock");
        if (same_word(function, "release_all_locks")) return remove_all(pin_cause::named_lock);
        if (!takes && !gives) return;
        lexer ahead = lexer_;
        const token argument = ahead.next();
        const bool is_plain = argument.kind == token_kind::string;
        if (takes && !is_plain) return add_once(pin_cause::named_lock, "?");
        if (!is_plain) return;
        const std::string named = unquoted(argument.text, options_);
        if (takes) add(pin_cause::named_lock, named);
        if (gives) remove(pin_cause::named_lock, named);
    }

    std::string_view text_;
    std::string_view schema_;
    const lexer_options& options_;
    lexer lexer_;
    token current_{};
    std::size_t begin_ = 0;
    bool explains_ = true;
    std::vector<pin_effect> effects_;
};

const std::array<effect_reader::verb_reader, 14> effect_reader::verb_readers{{
    {keyword::create, &effect_reader::create},
    {keyword::drop, &effect_reader::drop},
    {keyword::lock, &effect_reader::lock},
    {keyword::unlock, &effect_reader::unlock},
    {keyword::flush, &effect_reader::flush},
    {keyword::backup, &effect_reader::backup},
    {keyword::handler, &effect_reader::handler},
    {keyword::prepare, &effect_reader::prepare},
    {keyword::deallocate, &effect_reader::deallocate},
    {keyword::execute, &effect_reader::execute},
    {keyword::xa, &effect_reader::xa},
    {keyword::begin, &effect_reader::begin},
    {keyword::start, &effect_reader::start},
    {keyword::set, &effect_reader::set},
}};

}  // namespace

std::vector<pin_effect> effects_on_pins(
    std::string_view text, std::string_view schema, const lexer_options& options
) {
    effect_reader reader(text, schema, options);
    auto effects = reader.run();
    const statement_traits traits = classify(text, options);
    if (traits.assigns_user_variables)
        effects.push_back({kind::add_once, pin_cause::user_variable, {}, false});
    if (traits.pins && effects.empty() && !reader.explains())
        effects.push_back({kind::add_once, pin_cause::not_understood, {}, false});
    return effects;
}

void apply_before(const std::vector<pin_effect>& effects, std::string_view statement, pins& held) {
    for (const auto& effect : effects) {
        if (effect.what == kind::add) held.add(effect.cause, effect.name, statement);
        if (effect.what == kind::add_once) held.add_once(effect.cause, effect.name, statement);
    }
}

void apply_after(const std::vector<pin_effect>& effects, bool failed, pins& held) {
    for (const auto& effect : effects) {
        switch (effect.what) {
            case kind::add:
            case kind::add_once:
                if (failed && effect.undone_by_error) held.remove(effect.cause, effect.name);
                break;
            case kind::remove:
                if (!failed) held.remove(effect.cause, effect.name);
                break;
            case kind::remove_all:
                if (!failed) held.remove_all(effect.cause);
                break;
        }
    }
}

}  // namespace weir::splitter
