using System.Diagnostics;
using System.Globalization;
using Wharf.Bench;
using Wharf.Tables;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

// Measures the engine without a server: the best of several runs of each line (ms), ten rows with a formula that is not cached (p50, us), and the time from a cancellation
// to the end of the computation (p50 and maximum, ms). usage: [RUNS [PART OF A LINE'S NAME]]
var runs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 6;
var wanted = args.Length > 1 ? args[1] : "";
var engine = new TableEngine(TimeProvider.System);
foreach (var line in FormulaLine.All)
{
    if (!line.Name.Contains(wanted, StringComparison.Ordinal))
        continue;
    var best = double.MaxValue;
    for (var run = 0; run < runs; run++)
        best = Math.Min(best, Run(line));
    Console.Write($"{best:F1} ");
}

var small = Small(TimeSpan.FromSeconds(1));
small.Clear();
small.Add(Small(TimeSpan.FromSeconds(2)));
var cancelled = Cancelled();
Console.WriteLine($"{small.P50:F1} {cancelled.P50 / 1000:F1} {cancelled.Longest / 1000:F1}");

double Run(FormulaLine line)
{
    var empty = Held(new EmptyTable(FormulaLine.Rows), []);
    var source = line.Before.Length == 0 ? empty : Held(new SelectOrUpdate(SelectKind.Update, line.Before), [empty]);
    var begun = Stopwatch.GetTimestamp();
    var result = Held(Asked(line), [source]);
    var took = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    foreach (var table in new HashSet<ArrowTable> { result, source, empty })
        table.LetGo();
    return took;
}

Durations Small(TimeSpan time)
{
    var empty = Held(new EmptyTable(10), []);
    var durations = new Durations();
    var clock = Stopwatch.StartNew();
    for (var n = 0; clock.Elapsed < time; n++)
    {
        var begun = Stopwatch.GetTimestamp();
        var result = engine.Run(new SelectOrUpdate(SelectKind.Update, [$"X = i + {Interlocked.Increment(ref Next.Number)}"]), [empty], default);
        result.Describe();
        durations.Add(Stopwatch.GetElapsedTime(begun));
    }

    return durations;
}

Durations Cancelled()
{
    var durations = new Durations();
    foreach (var line in FormulaLine.All)
    {
        var empty = Held(new EmptyTable(FormulaLine.Rows * 4L), []);
        var source = line.Before.Length == 0 ? empty : Held(new SelectOrUpdate(SelectKind.Update, line.Before), [empty]);
        for (var run = 0; run < 3; run++)
        {
            using var cancel = new CancellationTokenSource();
            var began = 0L;
            var timer = new Thread(() =>
            {
                Thread.Sleep(2 + (run * 7));
                began = Stopwatch.GetTimestamp();
                cancel.Cancel();
            });
            timer.Start();
            try
            {
                engine.Run(Asked(line), [source], cancel.Token);
            }
            catch (OperationCanceledException)
            {
                durations.Add(Stopwatch.GetElapsedTime(began));
            }

            timer.Join();
        }
    }

    return durations;
}

ArrowTable Held(TableOperation operation, ArrowTable[] inputs)
{
    var table = engine.Run(operation, inputs, default);
    if (!inputs.Contains(table))
        table.TryHold();
    return table;
}

static TableOperation Asked(FormulaLine line) => line.IsFilter ? new UnstructuredFilter(line.Formulas) : new SelectOrUpdate(SelectKind.Update, line.Formulas);

internal static class Next
{
    public static int Number = 1;
}
