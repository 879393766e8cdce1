// The façade of the module: everything that judges policies instead of requests. It reads no file
// and writes none: texts come in, values and texts go out, and the command does the rest.
//
// - `TestSuite`: the examples of a policy set and the test documents beside it, as cases.
// - `TestRun`: what came of them, with `Coverage` if it was asked for.
// - `MutationRun`: which weakened rules no case notices.
// - `ReportFormat`: the formats that other tools read, all made from one `Report`.
//
// - `Lint`: what is probably not meant in a set.
// - `Replay`: recorded decisions, taken again by another set.
// - `AccessDiff`: what changes in access between two sets.
//
// A folder is a job: `Testing` (test documents and their runner), `Coverage`, `Mutation`,
// `Reports`, `Conditions` (conditions without requests), `Lint`, `Replay`, `Diff`.
