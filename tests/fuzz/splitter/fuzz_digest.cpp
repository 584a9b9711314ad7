// The hash of a digest is that of its text; the text is its own digest; and neither depends on the
// way the tokens come.

#include "splitter/sql/classifier.hpp"
#include "splitter/sql/digest.hpp"

#include "tests/fuzz/splitter/sql_input.hpp"

#include <string>

namespace weir::splitter::fuzzing {
namespace {

std::uint64_t hash_in_pieces(std::string_view text, std::size_t piece) {
    digest_hash hash;
    for (std::size_t at = 0; at < text.size(); at += piece)
        hash.append(text.substr(at, piece));
    return hash.finish();
}

std::uint64_t hash_token_by_token(const sql_input& input) {
    statement_digest digest;
    lexer reader{input.text, input.options};
    for (token t = reader.next(); t.kind != token_kind::end; t = reader.next())
        digest.on_token(t);
    return digest.finish();
}

void check_hash(const sql_input& input, std::uint64_t hash, const std::string& text) {
    require(hash == hash_in_pieces(text, 7));
    require(hash == hash_in_pieces(text, 1'000));
    require(hash == hash_token_by_token(input));
    statement_digest beside;
    require(classify(input.text, input.options, {}, beside) == classify(input.text, input.options));
    require(hash == beside.finish());
}

/// False where the lexer made a name of what was near a dot, and has no reason to in the digest.
bool reads_alike(std::string_view text) {
    constexpr std::string_view none_to_be_made[] = {"... $", ". [not understood]"};
    for (const std::string_view piece : none_to_be_made) {
        if (text.find(piece) != std::string_view::npos) return false;
    }
    return true;
}

void check_text(const sql_input& input, const std::string& text, std::size_t limit) {
    if (reads_alike(text)) require(digest_text(text, input.options, limit) == text);
    require(digest_text(input.text, input.options, 10) == text.substr(0, 10));
    if (text.find('\'') == std::string::npos) return;
    // Only within the quotes of a name.
    require(text.find('`') != std::string::npos || text.find('"') != std::string::npos);
}

}  // namespace
}  // namespace weir::splitter::fuzzing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace fuzzing = weir::splitter::fuzzing;
    const auto input = fuzzing::sql_input_of(data, size);
    // Spaces and lists make a text longer, by no more than this.
    const std::size_t limit = 32 + 8 * input.text.size();
    const std::string text = weir::splitter::digest_text(input.text, input.options, limit);
    fuzzing::check_hash(input, weir::splitter::digest_of(input.text, input.options), text);
    fuzzing::check_text(input, text, limit);
    return 0;
}
