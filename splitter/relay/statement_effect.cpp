#include "splitter/relay/statement_effect.hpp"

namespace weir::splitter {

statement_effect effect_of(
    const statement_traits& traits, const transaction_state& transaction
) noexcept {
    using kind = statement_traits::kind;
    switch (traits.what) {
        case kind::empty:
        case kind::use: return statement_effect::none;
        // It commits the transaction before.
        case kind::begin:
            return transaction.open ? statement_effect::lasting : statement_effect::none;
        // What it asks of the statement before may be gone with the connection.
        case kind::read:
            return traits.reads_previous_statement ? statement_effect::in_transaction
                                                   : statement_effect::none;
        case kind::write:
            return traits.changes_rows || traits.queries ? statement_effect::in_transaction
                                                         : statement_effect::lasting;
        case kind::several:
            return traits.only_reads ? statement_effect::none : statement_effect::lasting;
        case kind::end: {
            const bool goes_on = traits.end_and_chain || traits.end_and_release;
            return traits.end_commits && transaction.open && !goes_on ? statement_effect::commit
                                                                      : statement_effect::lasting;
        }
        case kind::set:
        case kind::set_transaction: break;
    }
    return statement_effect::lasting;
}

}  // namespace weir::splitter
