using Wharf.Protocol;

namespace Wharf.Grains.Tests.Exports;

/// <summary>
/// A second implementation of the rules of exports, without optimization: it keeps the history of each export and reads all of it after each step. No
/// counters, intervals or order of its own.
/// </summary>
internal sealed class ReferenceModel
{
    public SortedDictionary<int, Export> Exports { get; } = [];

    /// <summary>Defines an export without sources or with some; null when it is taken up, else the code of the refusal.</summary>
    public FaultCode? Define(int id, int[] sources)
    {
        if (id < 0)
            return FaultCode.InvalidArgument;
        if (Exports.TryGetValue(id, out var old) && old.State != ExportState.Unknown)
        {
            return old.State == ExportState.Released ? FaultCode.FailedPrecondition
                : old.IsDefined ? FaultCode.InvalidArgument
                : FaultCode.Cancelled;
        }

        if (sources.Any(source => source == id || Reaches(source, id)))
            return FaultCode.FailedPrecondition;

        var export = Mention(id);
        foreach (var source in sources.Where(source => source > 0))
            Mention(source);
        export.IsDefined = true;
        export.Sources = sources;
        export.WasReleasedAtStart = [.. sources.Where(source => source > 0 && Exports[source].State == ExportState.Released)];
        // What cannot begin was never pending.
        var next = Next(export);
        if (next.IsFailure())
            Inherit(export, next);
        export.To(next.IsFailure() ? next : ExportState.Pending);
        Follow();
        return null;
    }

    public void Start(int id) => Exports[id].To(ExportState.Running);

    public void Complete(int id)
    {
        Exports[id].To(ExportState.Exported);
        Follow();
    }

    public void Fail(int id, FaultCode code)
    {
        Exports[id].Fault = code;
        Exports[id].To(ExportState.Failed);
        Follow();
    }

    public FaultCode? Release(int id)
    {
        if (!Exports.TryGetValue(id, out var export))
            return FaultCode.Unavailable;
        if (export.State == ExportState.Exported)
            export.To(ExportState.Released);
        else if (!export.State.IsTerminal())
            export.To(ExportState.Cancelled);
        Follow();
        return null;
    }

    public void End()
    {
        foreach (var export in Exports.Values)
        {
            if (export.State == ExportState.Exported)
                export.To(ExportState.Released);
            else if (!export.State.IsTerminal())
                export.To(ExportState.Cancelled);
        }
    }

    /// <summary>Who is still needed by work that is not over: its value must not be let go.</summary>
    public bool IsNeeded(int id) => Exports[id].State == ExportState.Exported
        || Exports.Values.Any(export => export.IsUnfinished && export.Sources.Contains(id) && !export.WasReleasedAtStart.Contains(id));

    private Export Mention(int id)
    {
        if (!Exports.TryGetValue(id, out var export))
        {
            Exports[id] = export = new Export();
            export.To(ExportState.Unknown);
        }

        return export;
    }

    private bool Reaches(int from, int to) =>
        from == to || (Exports.TryGetValue(from, out var export) && export.IsUnfinished && export.Sources.Any(source => Reaches(source, to)));

    /// <summary>Lets every pending export see what became of its sources, round by round, until nothing changes any more: news reaches those first who wait for it directly.</summary>
    private void Follow()
    {
        while (true)
        {
            var round = Exports.Values.Where(export => export.State == ExportState.Pending).Select(export => (Export: export, Next: Next(export)))
                .Where(step => step.Next != ExportState.Pending).ToArray();
            if (round.Length == 0)
                return;
            foreach (var (export, next) in round)
                Inherit(export, next);
            foreach (var (export, next) in round)
                export.To(next);
        }
    }

    private void Inherit(Export export, ExportState next)
    {
        if (next == ExportState.DependencyFailed && DeadAtStart(export) is { } source && source <= 0)
            export.Fault = source == 0 ? FaultCode.InvalidArgument : FaultCode.FailedPrecondition;
        else if (next == ExportState.DependencyFailed)
            export.Fault = export.Sources.Select(source => Exports[source]).First(source => source.State.IsFailure()).Fault;
    }

    private ExportState Next(Export export)
    {
        if (DeadAtStart(export) is { } dead)
            return dead > 0 ? ExportState.DependencyReleased : ExportState.DependencyFailed;
        var sources = export.Sources.Select(source => Exports[source]).ToArray();
        if (sources.FirstOrDefault(source => source.State.IsFailure()) is { } failed)
            return failed.State == ExportState.Cancelled && !failed.IsDefined ? ExportState.DependencyCancelled : ExportState.DependencyFailed;
        return sources.All(source => source.State is ExportState.Exported or ExportState.Released) ? ExportState.Queued : ExportState.Pending;
    }

    /// <summary>The first source that could not be had from the beginning: released, or an id that the server never gave out.</summary>
    private static int? DeadAtStart(Export export) =>
        export.Sources.Where(source => source <= 0 || export.WasReleasedAtStart.Contains(source)).Select(source => (int?)source).FirstOrDefault();

    internal sealed class Export
    {
        public ExportState State => (ExportState)States[^1];

        public List<int> States { get; } = [];

        public bool IsDefined { get; set; }

        public int[] Sources { get; set; } = [];

        public int[] WasReleasedAtStart { get; set; } = [];

        /// <summary>The status of its own, or the one that it passes on.</summary>
        public FaultCode? Fault { get; set; }

        public bool IsUnfinished => IsDefined && State < ExportState.Exported;

        public void To(ExportState state) => States.Add((int)state);
    }
}
