using System.Collections.Immutable;
using Wharf.Grains.Sessions;
using Wharf.Protocol;

namespace Wharf.Grains.Tests.Exports;

/// <summary>An export table with everything that it asked for so far.</summary>
internal sealed class TableUnderTest
{
    public static readonly TimeSpan UndefinedWait = TimeSpan.FromMinutes(10);
    private int _errors;
    private int _objects;

    public TableUnderTest(int maxLive = 1_000, int maxWaiting = 1_000, int remembered = 1_000, PrincipalCalls.Count? principal = null) =>
        Table = new ExportTable(new ExportLimits(maxLive, maxWaiting, UndefinedWait, remembered), () => $"error-{++_errors}", principal);

    public ExportTable Table { get; }

    public List<ExportEffect> Effects { get; } = [];

    public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

    /// <summary>The states of one export that followers were told, in order.</summary>
    public int[] StatesOf(int id) => [.. All<NotifyEffect>().Where(change => change.ExportId == id).Select(change => (int)change.State)];

    public NotifyEffect LastNoticeOf(int id) => All<NotifyEffect>().Last(change => change.ExportId == id);

    public AnswerEffect? AnswerOf(long key) => All<AnswerEffect>().SingleOrDefault(answer => answer.Key == key);

    public bool MayRun(long key) => All<RunEffect>().Any(run => run.Key == key);

    public IEnumerable<ObjectReference> Released => All<ReleaseEffect>().Select(effect => effect.Reference);

    public IEnumerable<T> All<T>()
        where T : ExportEffect
    {
        Collect();
        return Effects.OfType<T>();
    }

    public long Define(int id, params int[] sources) => Define(id, [.. sources.Select(ExportSource.Export)]);

    public long Define(int id, ImmutableArray<ExportSource> sources) => Table.Define([new ExportDefinition(id, sources)], Now)[0];

    /// <summary>Starts the work and completes it with a new object.</summary>
    public ExportValue Run(long key)
    {
        Assert.NotNull(Table.Start(key));
        return Finish(key);
    }

    public ExportValue Finish(long key)
    {
        var value = NewValue();
        Table.Complete(key, value);
        return value;
    }

    public ExportValue NewValue() => new(new ObjectReference($"object-{++_objects}", ObjectKind.PluginObject, "Echo", 1));

    /// <summary>Defines an export and makes it.</summary>
    public ExportValue Make(int id) => Run(Define(id));

    /// <summary>Defines an export and lets it fail.</summary>
    public void MakeFailing(int id, FaultCode code, string text)
    {
        var key = Define(id);
        Assert.NotNull(Table.Start(key));
        Table.Fail(key, new Fault(code, text));
    }

    public static void Refused(FaultCode code, string text, Action action)
    {
        var fault = Assert.Throws<FaultException>(action).Fault;
        Assert.Equal((code, text), (fault.Code, fault.Message));
    }

    public void Answered(long key, FaultCode code, string text)
    {
        var fault = AnswerOf(key)?.Fault;
        Assert.NotNull(fault);
        Assert.Equal((code, text), (fault.Code, fault.Message));
    }

    public void IsIn(ExportState state, int id) => Assert.Equal(state, Table.StateOf(id));

    private void Collect()
    {
        while (Table.TryTakeEffect(out var effect))
            Effects.Add(effect);
    }
}
