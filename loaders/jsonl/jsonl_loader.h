#pragma once

#include <tupu/result.h>

#include "loaders/load_context.h"

namespace tupu {

/// Gives every line of a JSON Lines file to the mergers, as `tupu export --format jsonl` writes them:
///
///   {"kind": "node", "id": 1, "labels": ["Firm"], "properties": {"name": "华为"}}
///   {"kind": "relationship", "id": 7, "type": "ACQUIRED", "start": 1, "end": 2, "properties": {}}
///
/// The file is read twice: for its vertices, then for its edges. Ids are numbers or texts; a vertex's is its external
/// id in the data set's group; an edge's is not kept: its identity is its type's key or all it carries, as in CSV
/// without :ID. Texts become temporal values, and whole numbers floats, where the ontology declares the property so.
/// Errors: loaders/load.h; the column is where the line stops being JSON, else 1.
Status LoadJsonLinesFile(const PlannedFile& file, LoadPhase phase, LoadContext& context);

}  // namespace tupu
