#include "splitter/relay/retry_table.hpp"

#include "protocol/wire/ensure.hpp"

#include <algorithm>
#include <array>

namespace weir::splitter {
namespace {

using effect = statement_effect;
using sent = statement_sent;
using answer = statement_answer;
using tie = connection_tie;
using tries = retry_tries;
using outcome = retry_outcome;

constexpr std::uint8_t any = 0xFF;

template <class... Values>
constexpr std::uint8_t one_of(Values... values) {
    return static_cast<std::uint8_t>((... | (1U << static_cast<unsigned>(values))));
}

constexpr std::uint8_t torn = one_of(tie::transaction, tie::pin);
constexpr std::uint8_t unsent = one_of(sent::nothing, sent::part);
constexpr std::uint8_t said = one_of(answer::farewell, answer::unheard, answer::replicas_own);
constexpr std::uint8_t own = one_of(answer::replicas_own);
constexpr std::uint8_t undone = one_of(effect::none, effect::in_transaction);
constexpr std::uint8_t harmless = one_of(effect::none);
constexpr std::uint8_t unheard = one_of(answer::unheard);
constexpr std::uint8_t left = one_of(tries::left);
constexpr std::uint8_t free = one_of(tie::none);
constexpr std::uint8_t known = one_of(tie::replayable);
constexpr std::uint8_t open = one_of(tie::replayable, tie::transaction);
constexpr std::uint8_t whole = one_of(sent::whole);
constexpr std::uint8_t silent = one_of(answer::none);
constexpr std::uint8_t committing = one_of(effect::commit);
constexpr std::uint8_t dml = one_of(effect::in_transaction);
constexpr std::uint8_t done = one_of(answer::committed);
constexpr std::uint8_t back = one_of(answer::rolled_back);

/// The first that fits counts. docs/retries.md numbers them in this order.
constexpr std::array rows{
    // Something was passed on: an error packet behind it would be read as data.
    retry_row{any, any, one_of(answer::passed_on), any, any, outcome::cut_off},
    // A commit, or a write with one of its own: the binary log knows what became of it.
    retry_row{committing, whole, silent, open, any, outcome::resolve},
    retry_row{dml, whole, silent, free, any, outcome::resolve},
    retry_row{committing, whole, done, open, any, outcome::answer_ok},
    retry_row{dml, whole, done, free, any, outcome::tell_committed},
    retry_row{committing, whole, back, known, left, outcome::replay},
    retry_row{dml, whole, back, free, left, outcome::run_elsewhere},
    retry_row{committing, whole, back, open, any, outcome::tell_rolled_back},
    retry_row{dml, whole, back, free, any, outcome::tell_rolled_back},
    // The session has lost what nobody can bring back.
    retry_row{any, any, said, torn, any, outcome::pass_on},
    retry_row{any, any, any, torn, any, outcome::cut_off},
    // A replica that is behind, or takes no writes, says nothing about the primary.
    retry_row{harmless, any, own, free, any, outcome::run_on_primary},
    retry_row{any, any, own, any, any, outcome::pass_on},
    // A transaction: it is rolled back with its connection, unless its commit was sent.
    retry_row{any, unsent, any, known, left, outcome::replay},
    retry_row{any, any, unheard, known, left, outcome::replay},
    retry_row{undone, any, any, known, left, outcome::replay},
    // No transaction: what was not run, and what leaves nothing.
    retry_row{any, unsent, any, free, left, outcome::run_elsewhere},
    retry_row{any, any, unheard, free, left, outcome::run_elsewhere},
    retry_row{harmless, any, any, free, left, outcome::run_elsewhere},
    // The same, and no server has taken it.
    retry_row{any, any, said, any, any, outcome::pass_on},
    retry_row{any, unsent, any, free, any, outcome::error_then_next},
    retry_row{harmless, any, any, free, any, outcome::error_then_next},
    // It may have run.
    retry_row{any, any, any, any, any, outcome::cut_off},
};

template <class Value>
constexpr bool has(std::uint8_t set, Value value) {
    return (set & one_of(value)) != 0;
}

constexpr bool fits(const retry_row& row, const retry_case& met) {
    return has(row.effects, met.effect) && has(row.sent, met.sent) &&
           has(row.answers, met.answer) && has(row.ties, met.tie) && has(row.tries, met.tries);
}

/// The last row takes what no other has.
constexpr retry_outcome first_that_fits(const retry_case& met) {
    return std::ranges::find_if(
               rows, [&](const retry_row& row) { return fits(row, met); }
    )->outcome;
}

constexpr std::size_t effects = 4;
constexpr std::size_t amounts = 3;
constexpr std::size_t answers = 8;
constexpr std::size_t ties = 4;
constexpr std::size_t case_count = effects * amounts * answers * ties * 2;

constexpr std::size_t place_of(const retry_case& met) {
    std::size_t place = static_cast<std::size_t>(met.effect);
    place = place * amounts + static_cast<std::size_t>(met.sent);
    place = place * answers + static_cast<std::size_t>(met.answer);
    place = place * ties + static_cast<std::size_t>(met.tie);
    return place * 2 + static_cast<std::size_t>(met.tries);
}

/// Asked three times before each statement is sent: every case is decided when this is compiled.
constexpr std::array<retry_outcome, case_count> decided = [] {
    std::array<retry_outcome, case_count> outcomes{};
    for (std::size_t place = 0; place < outcomes.size(); ++place) {
        const std::size_t of_tie = place / 2;
        const std::size_t of_answer = of_tie / ties;
        const std::size_t of_amount = of_answer / answers;
        outcomes[place] = first_that_fits(
            {static_cast<effect>(of_amount / amounts),
             static_cast<sent>(of_amount % amounts),
             static_cast<answer>(of_answer % answers),
             static_cast<tie>(of_tie % ties),
             static_cast<retry_tries>(place % 2)}
        );
    }
    return outcomes;
}();

}  // namespace

retry_outcome decide_retry(const retry_case& met) noexcept {
    const std::size_t place = place_of(met);
    WEIR_ENSURE(place < decided.size());
    return decided[place];
}

std::span<const retry_row> retry_rows() noexcept {
    return rows;
}

std::string_view name_of(statement_effect value) noexcept {
    switch (value) {
        case effect::none: return "none";
        case effect::in_transaction: return "in transaction";
        case effect::commit: return "commit";
        case effect::lasting: return "lasting";
    }
    return {};
}

std::string_view name_of(statement_sent value) noexcept {
    switch (value) {
        case sent::nothing: return "nothing";
        case sent::part: return "part";
        case sent::whole: return "whole";
    }
    return {};
}

std::string_view name_of(statement_answer value) noexcept {
    switch (value) {
        case answer::none: return "nothing";
        case answer::farewell: return "farewell";
        case answer::unheard: return "unheard";
        case answer::replicas_own: return "replica's own";
        case answer::passed_on: return "passed on";
        case answer::committed: return "committed";
        case answer::rolled_back: return "rolled back";
        case answer::unresolved: return "unresolved";
    }
    return {};
}

std::string_view name_of(connection_tie value) noexcept {
    switch (value) {
        case tie::none: return "nothing";
        case tie::replayable: return "replayable transaction";
        case tie::transaction: return "transaction";
        case tie::pin: return "pin";
    }
    return {};
}

std::string_view name_of(retry_tries value) noexcept {
    switch (value) {
        case tries::left: return "left";
        case tries::none: return "none";
    }
    return {};
}

std::string_view name_of(retry_outcome value) noexcept {
    switch (value) {
        case outcome::run_elsewhere: return "run elsewhere";
        case outcome::run_on_primary: return "run on the primary";
        case outcome::resolve: return "resolve";
        case outcome::answer_ok: return "answer OK";
        case outcome::tell_committed: return "error: committed";
        case outcome::tell_rolled_back: return "error: rolled back";
        case outcome::replay: return "replay";
        case outcome::pass_on: return "pass on";
        case outcome::error_then_next: return "error, then next";
        case outcome::cut_off: return "cut off";
    }
    return {};
}

}  // namespace weir::splitter
