#include "query/executor/eager.h"

namespace tupu {

Status Eager::OpenSelf() {
  buffer_.Begin(context().slot_count);
  done_ = false;
  return {};
}

Status Eager::NextBatch(Batch& out) {
  while (!done_) {
    TUPU_TRY_ASSIGN(const bool more, child().Next(out));
    if (more) TUPU_TRY(buffer_.Add(out, memory()));
    done_ = !more;
  }
  out.Clear();
  buffer_.Give(out);
  return {};
}

Status EmptyResult::NextBatch(Batch& out) {
  while (true) {
    TUPU_TRY_ASSIGN(const bool more, child().Next(out));
    if (!more) return {};
  }
}

}  // namespace tupu
