// Writers that are to be killed: opens a database and lets several threads commit the fault tests' script until the process
// dies. For every commit that was acknowledged, one Acknowledgement goes to standard output; a whole one or none.
//
//   tupu_fault_writers DIRECTORY FIRST_NUMBER...     one writer for each number, which is its next transaction

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "tests/fault/acknowledgement.h"
#include "tests/fault/faulty_store.h"
#include "tests/fault/writer_script.h"

namespace {

int Fail(const tupu::Error& error) {
  std::fprintf(stderr, "%s\n", error.message.c_str());
  return 1;
}

/// Returns only when a commit fails.
int Write(tupu::GraphStore& store, uint32_t writer, uint64_t number) {
  for (;; ++number) {
    if (const tupu::Status status = tupu::RunScript(store, writer, number); !status) return Fail(status.error());
    const tupu::Acknowledgement done{writer, number};
    if (::write(STDOUT_FILENO, &done, sizeof(done)) != sizeof(done)) return 1;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  auto store = tupu::OpenFaulty(argv[1], nullptr);
  if (!store) return Fail(store.error());
  if (const tupu::Status status = tupu::PrepareScript(*store->graph); !status) return Fail(status.error());
  std::vector<std::thread> threads;
  for (int i = 2; i < argc; ++i) {
    threads.emplace_back([&, i] {
      const int result = Write(*store->graph, static_cast<uint32_t>(i - 2), std::strtoull(argv[i], nullptr, 10));
      ::_exit(result);  // a writer that fails ends all: the test sees it by the exit status
    });
  }
  for (std::thread& thread : threads) thread.join();
}
