#include "config/loader/suggestion.hpp"

#include <algorithm>
#include <vector>

namespace weir::config {

namespace {

/// Longer words are no typing mistakes of a key, and the distance takes the product of the lengths.
constexpr std::size_t longest_word = 64;

std::string folded(std::string_view word) {
    std::string result{word};
    for (char& character : result) {
        if (character == '-') character = '_';
        if (character >= 'A' && character <= 'Z')
            character = static_cast<char>(character - 'A' + 'a');
    }
    return result;
}

}  // namespace

std::size_t edit_distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> before_last(right.size() + 1);
    std::vector<std::size_t> last(right.size() + 1);
    std::vector<std::size_t> current(right.size() + 1);
    for (std::size_t column = 0; column <= right.size(); ++column)
        last[column] = column;

    for (std::size_t row = 1; row <= left.size(); ++row) {
        current[0] = row;
        for (std::size_t column = 1; column <= right.size(); ++column) {
            const bool same = left[row - 1] == right[column - 1];
            current[column] = std::min(
                {last[column] + 1, current[column - 1] + 1, last[column - 1] + (same ? 0 : 1)}
            );
            const bool swapped = row > 1 && column > 1 && left[row - 1] == right[column - 2] &&
                                 left[row - 2] == right[column - 1];
            if (swapped) current[column] = std::min(current[column], before_last[column - 2] + 1);
        }
        before_last.swap(last);
        last.swap(current);
    }
    return last[right.size()];
}

std::string closest_word(std::string_view word, std::span<const std::string> candidates) {
    if (word.size() > longest_word) return {};
    const std::string wanted = folded(word);
    std::size_t smallest = std::max<std::size_t>(1, word.size() / 3) + 1;
    std::string closest;
    for (const std::string& candidate : candidates) {
        const std::size_t distance = edit_distance(wanted, folded(candidate));
        if (distance >= smallest) continue;
        smallest = distance;
        closest = candidate;
    }
    return closest;
}

}  // namespace weir::config
