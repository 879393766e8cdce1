// The façade of the module: everything that judges policies instead of requests. It reads no file
// and writes none: texts come in, values and texts go out, and the command does the rest.
//
// - `TestSuite`: the examples of a policy set and the test documents beside it, as cases.
// - `TestRun`: what came of them, with `Coverage` if it was asked for.
// - `MutationRun`: which weakened rules no case notices.
// - `ReportFormat`: the formats that other tools read, all made from one `Report`.
//
// A folder is a job: `Testing` (test documents and their runner), `Coverage`, `Mutation`,
// `Reports`.
