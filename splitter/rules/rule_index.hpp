#pragma once

#include "config/schema/rule_settings.hpp"
#include "splitter/rules/rule_bits.hpp"
#include "splitter/rules/statement_kinds.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weir::splitter {

/// What of a statement can be looked up instead of compared rule by rule.
struct indexed_facts {
    std::string_view user;
    std::string_view schema;
    statement_kinds kinds;
    std::optional<std::uint64_t> digest;
};

/// For each value of a user, schema, kind and digest that rules name, the rules that allow it:
/// those that name it and those that name none. A statement's candidates are what these sets have
/// in common, so that many rules cost little more than few. Immutable.
class rule_index {
public:
    explicit rule_index(const std::vector<config::rule_settings>& rules);

    /// The sets for one statement; lives no longer than the index.
    class lookup {
    public:
        /// The candidates among the 64 rules from number 64 * `word` on.
        [[nodiscard]] std::uint64_t word(std::size_t word) const noexcept {
            std::uint64_t kinds = (*any_kind_)[word];
            for (std::size_t each = 0; each < kind_count_; ++each)
                kinds |= (*by_kind_[each])[word];
            return kinds & (*user_)[word] & (*schema_)[word] & (*digest_)[word];
        }

    private:
        friend class rule_index;
        const rule_bits* user_ = nullptr;
        const rule_bits* schema_ = nullptr;
        const rule_bits* digest_ = nullptr;
        const rule_bits* any_kind_ = nullptr;
        std::array<const rule_bits*, statement_kinds::count> by_kind_{};
        std::size_t kind_count_ = 0;
    };

    [[nodiscard]] lookup find(const indexed_facts& facts) const;

    [[nodiscard]] std::size_t words() const noexcept { return words_; }

private:
    struct text_hash {
        using is_transparent = void;

        [[nodiscard]] std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };

    /// Rules by the values of one condition.
    template <class Value, class Hash>
    struct dimension {
        rule_bits open;  ///< rules that name no value
        std::unordered_map<Value, rule_bits, Hash, std::equal_to<>> by_value;

        /// `named`: the values that a rule names, as a member of its condition.
        void fill(
            const std::vector<config::rule_settings>& rules,
            std::vector<Value> config::rule_condition::*named
        );

        [[nodiscard]] const rule_bits* find(const auto& value) const {
            if (by_value.empty()) return &open;
            const auto found = by_value.find(value);
            return found == by_value.end() ? &open : &found->second;
        }
    };

    std::size_t words_;
    dimension<std::string, text_hash> users_;
    dimension<std::string, text_hash> schemas_;
    dimension<std::uint64_t, std::hash<std::uint64_t>> digests_;
    rule_bits any_kind_;
    std::array<rule_bits, statement_kinds::count> by_kind_;
};

}  // namespace weir::splitter
