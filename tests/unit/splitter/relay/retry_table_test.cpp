#include "splitter/relay/retry_table.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <ostream>
#include <string>
#include <vector>

namespace weir::splitter {

void PrintTo(const retry_case& met, std::ostream* to) {  // NOLINT: googletest's name
    *to << name_of(met.effect) << " / " << name_of(met.sent) << " / " << name_of(met.answer)
        << " / " << name_of(met.tie) << " / " << name_of(met.tries);
}

namespace {

using effect = statement_effect;
using sent = statement_sent;
using answer = statement_answer;
using tie = connection_tie;
using tries = retry_tries;
using outcome = retry_outcome;

constexpr effect effects[]{effect::none, effect::in_transaction, effect::commit, effect::lasting};
constexpr sent sents[]{sent::nothing, sent::part, sent::whole};
constexpr answer answers[]{
    answer::none,
    answer::farewell,
    answer::unheard,
    answer::replicas_own,
    answer::passed_on,
    answer::committed,
    answer::rolled_back,
    answer::unresolved};
constexpr tie ties[]{tie::none, tie::replayable, tie::transaction, tie::pin};
constexpr tries all_tries[]{tries::left, tries::none};

std::vector<retry_case> every_case() {
    std::vector<retry_case> cases;
    for (const effect e : effects)
        for (const sent s : sents)
            for (const answer a : answers)
                for (const tie t : ties)
                    for (const tries left : all_tries)
                        cases.push_back({e, s, a, t, left});
    return cases;
}

/// "any", or the names of the values that are in the set.
template <class Value, std::size_t Count>
std::string cell(std::uint8_t set, const Value (&values)[Count]) {
    if (set == 0xFF) return "any";
    std::string text;
    for (const Value value : values) {
        if ((set & (1U << static_cast<unsigned>(value))) == 0) continue;
        if (!text.empty()) text += ", ";
        text += name_of(value);
    }
    return text;
}

std::vector<std::string> rows_of_the_code() {
    std::vector<std::string> rows;
    for (const retry_row& row : retry_rows()) {
        rows.push_back(
            "| " + std::to_string(rows.size() + 1) + " | " + cell(row.effects, effects) + " | " +
            cell(row.sent, sents) + " | " + cell(row.answers, answers) + " | " +
            cell(row.ties, ties) + " | " + cell(row.tries, all_tries) + " | " +
            std::string(name_of(row.outcome)) + " |"
        );
    }
    return rows;
}

std::vector<std::string> rows_of_the_documentation() {
    std::ifstream file{WEIR_DOCUMENTATION_DIRECTORY "/retries.md"};
    std::vector<std::string> rows;
    bool in_table = false;
    for (std::string line; std::getline(file, line);) {
        if (line.rfind("| # ", 0) == 0) in_table = true;
        const bool is_row = line.rfind("| ", 0) == 0 && line.rfind("| # ", 0) != 0;
        if (in_table && is_row) rows.push_back(line);
        if (line.empty()) in_table = false;
    }
    return rows;
}

TEST(retry_table, stands_in_the_documentation_row_by_row) {
    EXPECT_EQ(rows_of_the_documentation(), rows_of_the_code());
}

TEST(retry_table, needs_each_of_its_rows) {
    for (std::size_t i = 0; i < retry_rows().size(); ++i) {
        const retry_row& row = retry_rows()[i];
        bool decides = false;
        for (const retry_case& met : every_case()) {
            const auto in = [](std::uint8_t set, auto value) {
                return (set & (1U << static_cast<unsigned>(value))) != 0;
            };
            const auto fits = [&](const retry_row& one) {
                return in(one.effects, met.effect) && in(one.sent, met.sent) &&
                       in(one.answers, met.answer) && in(one.ties, met.tie) &&
                       in(one.tries, met.tries);
            };
            bool is_first = fits(row);
            for (std::size_t before = 0; before < i; ++before)
                is_first = is_first && !fits(retry_rows()[before]);
            if (!is_first) continue;
            decides = true;
            EXPECT_EQ(decide_retry(met), row.outcome) << testing::PrintToString(met);
        }
        EXPECT_TRUE(decides) << "row " << i + 1;
    }
}

TEST(retry_table, runs_again_only_what_cannot_have_run_or_leaves_nothing) {
    for (const retry_case& met : every_case()) {
        const outcome what = decide_retry(met);
        const bool again = what == outcome::run_elsewhere || what == outcome::run_on_primary ||
                           what == outcome::replay;
        if (!again) continue;
        const bool did_not_run = met.sent != sent::whole || met.answer == answer::unheard ||
                                 met.answer == answer::rolled_back;
        const bool is_undone = met.effect == effect::none ||
                               (met.effect == effect::in_transaction && met.tie == tie::replayable);
        EXPECT_TRUE(did_not_run || is_undone) << testing::PrintToString(met);
        EXPECT_NE(met.answer, answer::passed_on) << testing::PrintToString(met);
        EXPECT_TRUE(met.tie == tie::none || met.tie == tie::replayable)
            << testing::PrintToString(met);
        EXPECT_TRUE(met.tries == tries::left || what == outcome::run_on_primary)
            << testing::PrintToString(met);
    }
}

TEST(retry_table, says_nothing_untrue) {
    for (const retry_case& met : every_case()) {
        const outcome what = decide_retry(met);
        const bool did_not_run = met.sent != sent::whole || met.answer == answer::unheard;
        const bool was_said = met.answer == answer::farewell || met.answer == answer::unheard ||
                              met.answer == answer::replicas_own;
        if (what == outcome::pass_on) {
            EXPECT_TRUE(was_said) << testing::PrintToString(met);
        }
        if (what == outcome::answer_ok || what == outcome::tell_committed) {
            EXPECT_EQ(met.answer, answer::committed) << testing::PrintToString(met);
            EXPECT_EQ(met.sent, sent::whole) << testing::PrintToString(met);
        }
        // Only a commit's answer is always the same.
        if (what == outcome::answer_ok) {
            EXPECT_EQ(met.effect, effect::commit) << testing::PrintToString(met);
        }
        if (what == outcome::tell_rolled_back) {
            EXPECT_EQ(met.answer, answer::rolled_back) << testing::PrintToString(met);
        }
        if (what == outcome::replay) {
            EXPECT_EQ(met.tie, tie::replayable) << testing::PrintToString(met);
        }
        if (what == outcome::error_then_next) {
            EXPECT_TRUE(did_not_run || met.effect == effect::none) << testing::PrintToString(met);
            EXPECT_EQ(met.tie, tie::none) << testing::PrintToString(met);
        }
    }
}

TEST(retry_table, asks_for_an_outcome_once_and_only_where_one_commit_is_meant) {
    for (const retry_case& met : every_case()) {
        if (decide_retry(met) != outcome::resolve) continue;
        EXPECT_EQ(met.sent, sent::whole) << testing::PrintToString(met);
        EXPECT_EQ(met.answer, answer::none) << testing::PrintToString(met);
        EXPECT_NE(met.tie, tie::pin) << testing::PrintToString(met);
        const bool is_commit = met.effect == effect::commit && met.tie != tie::none;
        const bool commits_itself = met.effect == effect::in_transaction && met.tie == tie::none;
        EXPECT_TRUE(is_commit || commits_itself) << testing::PrintToString(met);
        retry_case unresolved = met;
        unresolved.answer = answer::unresolved;
        EXPECT_EQ(decide_retry(unresolved), outcome::cut_off) << testing::PrintToString(met);
    }
}

/// The rows of which clients know most, by name.
TEST(retry_table, decides_as_clients_count_on) {
    const struct {
        std::string_view name;
        retry_case met;
        outcome becomes;
    } rows[]{
        {"a read, no answer",
         {effect::none, sent::whole, answer::none, tie::none, tries::left},
         outcome::run_elsewhere},
        {"a read, the answer under way",
         {effect::none, sent::whole, answer::passed_on, tie::none, tries::left},
         outcome::cut_off},
        {"a write that was not sent",
         {effect::in_transaction, sent::nothing, answer::none, tie::none, tries::left},
         outcome::run_elsewhere},
        {"a write of which a part was sent",
         {effect::in_transaction, sent::part, answer::none, tie::none, tries::left},
         outcome::run_elsewhere},
        {"a write that was sent",
         {effect::in_transaction, sent::whole, answer::none, tie::none, tries::left},
         outcome::resolve},
        {"the same, and the server has it",
         {effect::in_transaction, sent::whole, answer::committed, tie::none, tries::left},
         outcome::tell_committed},
        {"the same, and the server does not have it",
         {effect::in_transaction, sent::whole, answer::rolled_back, tie::none, tries::none},
         outcome::tell_rolled_back},
        {"the same, and it may be run again",
         {effect::in_transaction, sent::whole, answer::rolled_back, tie::none, tries::left},
         outcome::run_elsewhere},
        {"DDL that was sent",
         {effect::lasting, sent::whole, answer::none, tie::none, tries::left},
         outcome::cut_off},
        {"a write, and the server says that it goes down",
         {effect::in_transaction, sent::whole, answer::farewell, tie::none, tries::left},
         outcome::pass_on},
        {"a write on a connection that had been idle for too long",
         {effect::in_transaction, sent::whole, answer::unheard, tie::none, tries::left},
         outcome::run_elsewhere},
        {"a write in a transaction that can be replayed",
         {effect::in_transaction, sent::whole, answer::none, tie::replayable, tries::left},
         outcome::replay},
        {"its commit",
         {effect::commit, sent::whole, answer::none, tie::replayable, tries::left},
         outcome::resolve},
        {"its commit, and the server has it",
         {effect::commit, sent::whole, answer::committed, tie::replayable, tries::none},
         outcome::answer_ok},
        {"its commit, and the server does not have it",
         {effect::commit, sent::whole, answer::rolled_back, tie::replayable, tries::left},
         outcome::replay},
        {"its commit, and nobody can tell",
         {effect::commit, sent::whole, answer::unresolved, tie::replayable, tries::left},
         outcome::cut_off},
        {"the commit of a transaction that cannot be replayed, and the server does not have it",
         {effect::commit, sent::whole, answer::rolled_back, tie::transaction, tries::left},
         outcome::tell_rolled_back},
        {"the commit of a pinned session",
         {effect::commit, sent::whole, answer::none, tie::pin, tries::left},
         outcome::cut_off},
        {"its commit, not sent",
         {effect::commit, sent::nothing, answer::none, tie::replayable, tries::left},
         outcome::replay},
        {"a read in a transaction that cannot be replayed",
         {effect::none, sent::nothing, answer::none, tie::transaction, tries::left},
         outcome::cut_off},
        {"a read of a pinned session",
         {effect::none, sent::whole, answer::none, tie::pin, tries::left},
         outcome::cut_off},
        {"a read that a replica refuses",
         {effect::none, sent::whole, answer::replicas_own, tie::none, tries::left},
         outcome::run_on_primary},
        {"a read that no server has answered",
         {effect::none, sent::whole, answer::none, tie::none, tries::none},
         outcome::error_then_next},
    };

    for (const auto& row : rows)
        EXPECT_EQ(decide_retry(row.met), row.becomes) << row.name;
}

}  // namespace
}  // namespace weir::splitter
