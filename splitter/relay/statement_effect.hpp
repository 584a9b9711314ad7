#pragma once

#include "splitter/session/transaction_state.hpp"
#include "splitter/sql/statement_traits.hpp"

#include <cstdint>

namespace weir::splitter {

/// What is left of a statement once the connection that ran it is gone.
enum class statement_effect : std::uint8_t {
    none,            ///< nothing: a proven read, BEGIN, USE, PREPARE, a question
    in_transaction,  ///< what its transaction leaves: it writes or locks rows and cannot commit by
                     ///< itself; outside a transaction its own commit follows
    commit,          ///< that of its transaction, and nothing else: COMMIT without a chain
    lasting,         ///< what cannot be told: DDL, CALL, all that is not understood
};

/// Of a statement that has been read as its server reads it, sent in that state of its session.
[[nodiscard]] statement_effect effect_of(
    const statement_traits& traits, const transaction_state& transaction
) noexcept;

}  // namespace weir::splitter
