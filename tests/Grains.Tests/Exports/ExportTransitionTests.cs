using Wharf.Grains.Sessions;
using Wharf.Protocol;

namespace Wharf.Grains.Tests.Exports;

public sealed class ExportTransitionTests
{
    private readonly TableUnderTest _table = new();

    [Fact]
    public void Work_without_sources_goes_through_every_state_up_to_its_release()
    {
        _table.Make(1);
        _table.Table.Release(1);
        Assert.Equal([0, 1, 3, 4, 5, 6], _table.StatesOf(1));
    }

    [Fact]
    public void Work_with_a_source_is_pending_until_the_source_is_there()
    {
        var key = _table.Define(2, 1);
        Assert.Equal([0, 1], _table.StatesOf(2));
        _table.Make(1);
        Assert.Equal([0, 1, 3], _table.StatesOf(2));
        Assert.True(_table.MayRun(key));
    }

    [Fact]
    public void Work_that_fails_ends_in_failed_with_an_error_id()
    {
        _table.MakeFailing(1, FaultCode.NotFound, "no");
        Assert.Equal([0, 1, 3, 4, 8], _table.StatesOf(1));
        Assert.Equal("error-1", _table.LastNoticeOf(1).Context);
    }

    [Fact]
    public void A_reference_made_by_the_server_is_there_at_once()
    {
        var ids = _table.Table.ReserveServerIds(2);
        Assert.Equal([-1, -2], ids);
        _table.Table.AddServerMade(-1, _table.NewValue(), null);
        _table.Table.AddServerMade(-2, null, new Fault(FaultCode.PermissionDenied, "no"));
        Assert.Equal([0, 5], _table.StatesOf(-1));
        Assert.Equal([0, 8], _table.StatesOf(-2));
    }

    [Fact]
    public void Followers_are_told_first_then_the_caller_then_the_dependents()
    {
        var source = _table.Define(1);
        var dependent = _table.Define(2, 1);
        _table.Table.Start(source);
        _ = _table.All<ExportEffect>().ToArray();
        _table.Effects.Clear();
        var value = _table.Finish(source);
        Assert.Equal(
            [
                new NotifyEffect(1, ExportState.Exported, "", "", value),
                new AnswerEffect(source, value, null, false),
                new NotifyEffect(2, ExportState.Queued, "", "", null),
                new RunEffect(dependent),
            ],
            _table.All<ExportEffect>());
    }
}
