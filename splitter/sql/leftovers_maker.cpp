#include "splitter/sql/leftovers_maker.hpp"

#include "splitter/sql/definition_reading.hpp"
#include "splitter/sql/lower_case.hpp"

namespace weir::splitter {
namespace {

body_leftovers::name name_of(const routine_source& routine) {
    return {lower_case(routine.schema), lower_case(routine.name)};
}

body_leftovers read(const definition_source& from, const routine_source& routine) {
    const bool readable = routine.body && !has_sql_mode(routine.sql_mode, "ORACLE");
    if (!readable) return {.other_text = true};
    const lexer_options options = options_of_definition(from, routine.sql_mode);
    return leftovers_of(*routine.body, routine.schema, options);
}

/// Takes over what each called routine leaves. True if that was new.
bool take_over_calls(body_leftovers& caller, const routine_leftovers& all) {
    bool is_new = false;
    for (const auto& name : caller.procedures) {
        const auto called = all.procedures.find(name);
        const bool is_known = called != all.procedures.end();
        is_new |= caller.take_over(is_known ? called->second : body_leftovers{.other_text = true});
    }
    // Of names before parentheses many are tables', or functions' that libraries brought.
    for (const auto& name : caller.functions) {
        const auto called = all.functions.find(name);
        if (called != all.functions.end()) is_new |= caller.take_over(called->second);
    }
    return is_new;
}

}  // namespace

routine_leftovers leftovers_of(const definition_source& from) {
    routine_leftovers all;
    for (const routine_source& routine : from.routines) {
        if (routine.what == routine_source::kind::other) continue;
        const bool is_function = routine.what == routine_source::kind::function;
        (is_function ? all.functions : all.procedures)
            .emplace(name_of(routine), read(from, routine));
    }
    for (bool is_new = true; is_new;) {
        is_new = false;
        for (auto* const routines : {&all.functions, &all.procedures}) {
            for (auto& [name, left] : *routines)
                is_new |= take_over_calls(left, all);
        }
    }
    return all;
}

}  // namespace weir::splitter
