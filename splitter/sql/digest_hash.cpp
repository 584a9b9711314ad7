#include "splitter/sql/digest_hash.hpp"

#include <xxhash.h>

namespace weir::splitter {

std::uint64_t digest_hash::finish() noexcept {
    end_block();
    return hash_;
}

void digest_hash::end_block() noexcept {
    hash_ = XXH3_64bits_withSeed(block_.data(), size_, hash_);
    if (kept_.text != nullptr) {
        const std::size_t room = kept_.limit - kept_.text->size();
        kept_.text->append(block_.data(), std::min(size_, room));
    }
    size_ = 0;
}

}  // namespace weir::splitter
