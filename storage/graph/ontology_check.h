#pragma once

#include "storage/graph/graph_overlay.h"

namespace tupu {

/// Holds what the transaction touched against its ontology: created and changed vertices and edges, and the edges of
/// vertices whose labels changed; everything, when the ontology itself changed. Errors: kConstraint, naming the entity,
/// the rule and how to mend it.
Status CheckAgainstOntology(const GraphOverlay& overlay);

}  // namespace tupu
