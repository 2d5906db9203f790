#pragma once

namespace tupu {

class ProcedureRegistry;

/// Registers the graph algorithms as procedures:
///
///     CALL tupu.degree({...})      YIELD node, score, edges
///     CALL tupu.pagerank({...})    YIELD node, score, edges
///     CALL tupu.betweenness({...}) YIELD node, score, edges
///     CALL tupu.closeness({...})   YIELD node, score, edges
///     CALL tupu.harmonic({...})    YIELD node, score, edges
///     CALL tupu.wcc({...})         YIELD node, component
///     CALL tupu.scc({...})         YIELD node, component
///
/// The one argument may be left out: the whole graph, Source vertices excepted. Rows of a centrality come highest score
/// first; `edges` is the number of stored edges that the vertex's place in the slice rests on. The keys of the map are
/// in algorithm_config.h. Errors of a call: those of ParseAlgorithmConfig and of ComputeCentrality.
void RegisterAlgorithmProcedures(ProcedureRegistry& registry);

}  // namespace tupu
