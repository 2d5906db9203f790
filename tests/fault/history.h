#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/graph/graph_store.h"

namespace tupu {

/// What one transaction of a list-append test read and appended, as its client saw it.
struct HistoryTransaction {
  bool committed = false;
  uint64_t begun = 0;  // a clock that all clients share: before the first read,
  uint64_t ended = 0;  // and after the commit returned
  std::vector<std::pair<uint64_t, std::vector<int64_t>>> reads;  // key and its list, before own appends
  std::vector<std::pair<uint64_t, int64_t>> appends;             // key and value; no value is appended twice
};

/// The lists at the end.
using FinalLists = std::map<uint64_t, std::vector<int64_t>>;

/// The first anomaly of the history that the level forbids, in words; nothing if there is none.
///
/// Lists tell the order in which their values came, so that the history tells who must have come before whom: ww (appended
/// after), wr (read what), rw (did not see yet), and real time (ended before the other began). Forbidden at every level:
/// values lost, doubled, from transactions that did not commit; reads that no prefix explains. Then
///   kSnapshot      each transaction has a begin and a later commit; ww and wr lead from commit to begin, rw from begin to
///                  commit, real time from commit to begin: there must be an order (no lost update, no read skew, no long
///                  fork; write skew may be)
///   kSerializable  all lead from transaction to transaction: there must be an order.
/// Source  Kingsbury, Alvaro: Elle (VLDB 2020); Cerone, Gotsman: Analysing Snapshot Isolation (PODC 2016). Real time makes
///         both levels strong.
std::optional<std::string> FindAnomaly(const std::vector<HistoryTransaction>& history, const FinalLists& final_lists,
                                       Isolation level);

}  // namespace tupu
