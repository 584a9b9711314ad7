#include "splitter/session/transaction_log.hpp"

#include "protocol/wire/byte_reader.hpp"

#include <algorithm>
#include <utility>

namespace weir::splitter {

void running_sum::append(protocol::wire::bytes_view piece) {
    if (!hash_) hash_.emplace();
    hash_->append(protocol::wire::as_text(piece));
    bytes_ += piece.size();
}

answer_sum running_sum::finish() {
    const answer_sum sum{bytes_, hash_ ? hash_->finish() : 0};
    hash_.reset();
    bytes_ = 0;
    return sum;
}

bool transaction_log::append(logged_command done) {
    const std::uint64_t size = done.packet.size() + done.types.size();
    if (commands_.size() >= limits_.statements || bytes_ + size > limits_.bytes) return false;
    bytes_ += size;
    commands_.push_back(std::move(done));
    return true;
}

void transaction_log::begin_next() noexcept {
    commands_.clear();
    bytes_ = 0;
    is_whole_ = false;
    has_all_reads_ = true;
}

bool transaction_log::has_reads() const noexcept {
    return std::ranges::any_of(commands_, &logged_command::reads_tables);
}

bool transaction_log::uses(std::uint32_t statement) const noexcept {
    return std::ranges::find(commands_, statement, &logged_command::statement) != commands_.end();
}

}  // namespace weir::splitter
