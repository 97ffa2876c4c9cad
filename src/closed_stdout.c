/*
 * A stdout that is closed at the start (`guuru listen >&-`) must be told from /dev/null: lines that are written to /dev/null
 * went where they were wanted. Rust's start opens /dev/null in the place of a closed stdout, for reading and writing, as
 * daemons, Node and Python do it when they want output to go nowhere: after that, nobody can tell. So this runs before it, and
 * opens /dev/null for reading alone. Every write then fails, and `terminal` finds a stdout that cannot be written.
 */
#include <fcntl.h>
#include <unistd.h>

__attribute__((constructor)) static void mark_closed_stdout(void) {
  if (fcntl(STDOUT_FILENO, F_GETFD) != -1) {
    return;
  }
  int null = open("/dev/null", O_RDONLY);
  if (null == -1 || null == STDOUT_FILENO) {
    return;
  }
  dup2(null, STDOUT_FILENO);
  close(null);
}
