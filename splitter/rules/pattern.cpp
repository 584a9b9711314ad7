#include "splitter/rules/pattern.hpp"

#include <array>
#include <re2/re2.h>

namespace weir::splitter {
namespace {

/// For the program and its states, each pattern; what does not fit is computed anew. RE2's default
/// is 8 MiB, which a thousand patterns would make 8 GiB.
constexpr std::int64_t memory_of_pattern = 1 << 20;

RE2::Options options() {
    RE2::Options chosen;
    chosen.set_encoding(RE2::Options::EncodingLatin1);
    chosen.set_case_sensitive(false);
    chosen.set_dot_nl(true);
    chosen.set_log_errors(false);
    chosen.set_max_mem(memory_of_pattern);
    return chosen;
}

bool fails_alike(const RE2& expression, std::string_view source) {
    return RE2(source, options()).error_code() == expression.error_code();
}

/// Offset of what is wrong. RE2 names the part of the pattern, but not which of several equal ones:
/// it is the first that is wrong without what follows it.
std::size_t place_of_error(const RE2& expression) {
    const std::string_view source = expression.pattern();
    const std::string_view part = expression.error_arg();
    const auto code = expression.error_code();
    if (code == RE2::ErrorMissingParen || code == RE2::ErrorTrailingBackslash) return source.size();
    for (std::size_t at = source.find(part); at < source.size(); at = source.find(part, at + 1)) {
        if (fails_alike(expression, source.substr(0, at + part.size()))) return at;
    }
    return 0;
}

/// A closing parenthesis too many: RE2 names the whole pattern.
std::size_t place_of_parenthesis(const RE2& expression) {
    const std::string_view source = expression.pattern();
    for (std::size_t at = source.find(')'); at < source.size(); at = source.find(')', at + 1)) {
        if (fails_alike(expression, source.substr(0, at + 1))) return at;
    }
    return 0;
}

}  // namespace

pattern::pattern(std::string_view source)
    : expression_(std::make_unique<RE2>(re2::StringPiece(source), options())) {}

pattern::pattern(pattern&&) noexcept = default;
pattern& pattern::operator=(pattern&&) noexcept = default;
pattern::~pattern() = default;

std::string pattern::problem() const {
    if (expression_->ok()) return {};
    const std::size_t at = expression_->error_code() == RE2::ErrorUnexpectedParen
                               ? place_of_parenthesis(*expression_)
                               : place_of_error(*expression_);
    if (expression_->error_code() == RE2::ErrorPatternTooLarge)
        return "is too large; write several rules or fewer repetitions";
    const bool is_at_end = at >= expression_->pattern().size();
    const std::string place =
        is_at_end ? "at its end" : "from its byte " + std::to_string(at + 1) + " on";
    return "is not an RE2 pattern " + place + ": " + expression_->error();
}

bool pattern::matches(std::string_view text) const {
    return expression_->Match(text, 0, text.size(), RE2::UNANCHORED, nullptr, 0);
}

std::string pattern::problem_of(std::string_view replacement) const {
    const int groups = expression_->NumberOfCapturingGroups();
    const int wanted = RE2::MaxSubmatch(replacement);
    if (wanted > groups) {
        return "uses \\" + std::to_string(wanted) + ", but the pattern has " +
               std::to_string(groups) + " groups; put ( ) around what is to be kept";
    }
    std::string ignored;
    if (expression_->CheckRewriteString(replacement, &ignored)) return {};
    return "has a backslash before something else than a digit; write two for one in the text";
}

std::optional<std::string> pattern::replace(
    std::string_view text, std::string_view replacement, std::size_t longest
) const {
    constexpr int most_groups = 10;  // \0 to \9
    std::array<re2::StringPiece, most_groups> groups;
    const int wanted = 1 + RE2::MaxSubmatch(replacement);
    std::string result;
    std::size_t done = 0;
    std::size_t from = 0;
    while (from <= text.size() &&
           expression_->Match(text, from, text.size(), RE2::UNANCHORED, groups.data(), wanted)) {
        const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
        const std::size_t end = begin + groups[0].size();
        // Nothing between two matches is no match of its own.
        const bool is_again = begin == end && begin == done && done != 0;
        if (!is_again) {
            result.append(text.substr(done, begin - done));
            expression_->Rewrite(&result, replacement, groups.data(), wanted);
            done = end;
        }
        from = begin == end ? end + 1 : end;
        if (result.size() > longest) return std::nullopt;
    }
    result.append(text.substr(done));
    if (result.size() > longest) return std::nullopt;
    return result;
}

}  // namespace weir::splitter
