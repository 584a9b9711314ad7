#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"
#include "splitter/session/parameter_types.hpp"
#include "splitter/session/session.hpp"

// What packets say of the types of parameters.

namespace weir::splitter {

/// Of one definition in the answer to a prepare. Errors: as column_definition.
[[nodiscard]] result<parameter_class> class_of_definition(
    protocol::wire::bytes_view payload, protocol::mysql::capability_set server
);

/// A COM_STMT_EXECUTE comes: notes in the statement's binding what its values are and what MySQL
/// takes the parameters as. `payload`: without headers. What is not known leaves it empty.
void note_binding(
    prepared_statement& statement, protocol::wire::bytes_view payload, const session& session
);

}  // namespace weir::splitter
