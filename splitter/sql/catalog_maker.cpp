#include "splitter/sql/body_proof.hpp"
#include "splitter/sql/classifier.hpp"
#include "splitter/sql/definition_reading.hpp"
#include "splitter/sql/leftovers_maker.hpp"
#include "splitter/sql/routine_catalog.hpp"
#include "splitter/sql/system_objects.hpp"

#include <array>
#include <utility>
#include <vector>

namespace weir::splitter {
namespace {

/// Takes every function for proven and no name for a view's, and notes which they are.
class name_recorder final : public name_meanings {
public:
    [[nodiscard]] bool only_reads(const called_function& function) const noexcept override {
        calls.push_back(function);
        return true;
    }

    [[nodiscard]] bool watches_tables() const noexcept override { return true; }

    [[nodiscard]] bool may_hide_a_write(std::string_view schema, std::string_view table)
        const noexcept override {
        tables.emplace(schema, table);
        return false;
    }

    mutable std::vector<called_function> calls;
    mutable std::set<std::pair<std::string_view, std::string_view>> tables;
};

constexpr std::array<std::string_view, 9> defining_words{
    "create", "alter", "drop", "rename", "prepare", "execute", "call", "install", "uninstall"};

/// No word of it makes, changes or takes away a definition, or runs what is not in the text.
bool defines_nothing(std::string_view body, const lexer_options& options) noexcept {
    lexer reader{body, options};
    for (;;) {
        const token next = reader.next();
        if (next.kind == token_kind::end) return true;
        const bool odd = next.kind == token_kind::unknown || next.kind == token_kind::unterminated;
        if (odd || is_one_of(next.text, defining_words)) return false;
    }
}

}  // namespace

/// Reads each body once as if all that it calls were proven, notes what that is, and then takes for
/// proven, again and again, what depends on nothing unproven.
class catalog_maker {
public:
    explicit catalog_maker(const definition_source& from) : from_{from} {}

    routine_catalog make() {
        add_names();
        add_leftovers();
        for (const routine_source& routine : from_.routines)
            add(routine);
        for (const view_source& view : from_.views)
            add(view);
        while (settle()) {
        }
        for (const view_source& view : from_.views) {
            if (!proven_views_.contains({view.schema, view.name}))
                catalog_.unproven_views_[view.schema].insert(view.name);
        }
        return std::move(catalog_);
    }

private:
    /// A function or a view whose own text is harmless, and what else it takes.
    struct candidate {
        bool is_view = false;
        std::string_view schema;
        std::string_view name;
        name_recorder takes;
    };

    void add_names() {
        catalog_.knows_loadable_functions_ = from_.loadable_functions.has_value();
        if (from_.loadable_functions) {
            for (const std::string& name : *from_.loadable_functions)
                catalog_.loadable_functions_.insert(name);
        }
        for (const view_source& view : from_.views)
            catalog_.views_[view.schema].insert(view.name);
        for (const routine_source& routine : from_.routines) {
            if (routine.what == routine_source::kind::other)
                catalog_.packages_.insert(routine.name);
        }
    }

    void add_leftovers() {
        routine_leftovers all = leftovers_of(from_);
        catalog_.left_by_procedures_ = std::move(all.procedures);
        for (const auto& [name, left] : all.functions) {
            if (left.has_any()) catalog_.leaving_functions_[name.first].insert(name.second);
        }
    }

    void add(const routine_source& routine) {
        const bool readable = routine.body && !has_sql_mode(routine.sql_mode, "ORACLE") &&
                              is_ascii(routine.schema) && is_ascii(routine.name);
        if (!readable) return;
        const lexer_options options = options_of_definition(from_, routine.sql_mode);
        if (routine.what == routine_source::kind::procedure &&
            defines_nothing(*routine.body, options)) {
            catalog_.harmless_procedures_[routine.schema].insert(routine.name);
        }
        if (routine.what != routine_source::kind::function || is_system_schema(routine.schema))
            return;
        candidate one{.schema = routine.schema, .name = routine.name, .takes = {}};
        const name_scope scope{&one.takes, one.schema};
        if (body_only_reads(*routine.body, routine.parameters, options, scope)) {
            candidates_.push_back(std::move(one));
        }
    }

    void add(const view_source& view) {
        if (!view.query || is_system_schema(view.schema)) return;
        candidate one{.is_view = true, .schema = view.schema, .name = view.name, .takes = {}};
        // Servers write a view's query with backticks and backslashes, whatever the sql_mode.
        const name_scope scope{&one.takes, one.schema};
        if (classify(*view.query, options_of_definition(from_, {}), scope).only_reads) {
            candidates_.push_back(std::move(one));
        }
    }

    /// One round; false if nothing new was proven.
    bool settle() {
        const std::size_t before = candidates_.size();
        std::erase_if(candidates_, [this](const candidate& one) {
            if (!depends_on_the_proven(one)) return false;
            if (one.is_view) {
                proven_views_.emplace(one.schema, one.name);
            } else {
                catalog_.proven_functions_[std::string{one.schema}].emplace(one.name);
            }
            return true;
        });
        return candidates_.size() != before;
    }

    [[nodiscard]] bool depends_on_the_proven(const candidate& one) const {
        const bool functions = std::ranges::all_of(one.takes.calls, [this](const auto& call) {
            return catalog_.only_reads(call);
        });
        return functions && std::ranges::all_of(one.takes.tables, [this](const auto& table) {
                   return !catalog_.is_view(table.first, table.second) ||
                          proven_views_.contains(table);
               });
    }

    const definition_source& from_;
    routine_catalog catalog_;
    std::vector<candidate> candidates_;
    std::set<std::pair<std::string_view, std::string_view>> proven_views_;
};

std::shared_ptr<const routine_catalog> routine_catalog::make(const definition_source& from) {
    return std::make_shared<const routine_catalog>(catalog_maker{from}.make());
}

}  // namespace weir::splitter
