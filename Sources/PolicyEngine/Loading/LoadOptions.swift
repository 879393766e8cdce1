/// How a set is loaded. None of this may change the set.
package struct LoadOptions: Sendable {
  /// Whether rules are found by what their conditions require, or all that are about an action are
  /// asked.
  package var usesIndex = true
  /// Whether conditions that look alike are compiled once.
  package var usesTemplates = true
  /// How many tasks read at a time, at most.
  package var tasks = Parallel.tasks
  /// What an earlier load left, and this one leaves.
  package var cache: PolicyCache?
  /// Told now and then how many rules of how many are linked.
  package var progress: LoadProgress?

  package init() {}
}

/// Hears how far a load has come: rules that are done, and how many there are. Called every few
/// thousand rules, on the thread that loads.
public typealias LoadProgress = @Sendable (_ done: Int, _ all: Int) -> Void
