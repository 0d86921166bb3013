using Wharf.Protocol;

namespace Wharf.Grains.Tests.Exports;

public sealed class ExportReleases
{
    private readonly TableUnderTest _table = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    public void An_id_that_was_never_mentioned_is_unavailable(int id) =>
        TableUnderTest.Refused(FaultCode.Unavailable, "Export not yet defined", () => _table.Table.Release(id));

    [Fact]
    public void An_exported_id_is_released_and_its_value_let_go()
    {
        var value = _table.Make(1);
        _table.Table.Release(1);
        _table.IsIn(ExportState.Released, 1);
        Assert.Equal([value.Reference], _table.Released);
        Assert.Null(_table.Table.Find(1));
    }

    [Fact]
    public void An_id_that_is_only_mentioned_is_cancelled()
    {
        _table.Define(2, 1);
        _table.Table.Release(1);
        Assert.Equal([0, 7], _table.StatesOf(1));
        Assert.Equal("", _table.LastNoticeOf(1).Context);
    }

    [Fact]
    public void A_later_definition_of_a_cancelled_mention_is_cancelled()
    {
        _table.Define(2, 1);
        _table.Table.Release(1);
        TableUnderTest.Refused(FaultCode.Cancelled, StatusTexts.ExportCancelled, () => _table.Define(1));
        TableUnderTest.Refused(FaultCode.Cancelled, StatusTexts.ExportCancelled, () => _table.Define(1, 5));
    }

    [Fact]
    public void Pending_work_never_runs_and_its_caller_is_told()
    {
        var key = _table.Define(2, 1);
        _table.Table.Release(2);
        _table.Answered(key, FaultCode.Cancelled, StatusTexts.ExportCancelled);
        _table.Make(1);
        Assert.False(_table.MayRun(key));
        Assert.Equal([0, 1, 7], _table.StatesOf(2));
    }

    [Fact]
    public void Queued_work_never_runs()
    {
        var key = _table.Define(1);
        _table.Table.Release(1);
        Assert.Null(_table.Table.Start(key));
        Assert.Equal([0, 1, 3, 7], _table.StatesOf(1));
    }

    [Fact]
    public void Running_work_is_cancelled_at_once_and_its_result_thrown_away()
    {
        var source = _table.Make(1);
        var key = _table.Define(2, 1);
        Assert.NotNull(_table.Table.Start(key));
        _table.Table.Release(2);
        _table.Table.Release(1);
        _table.Answered(key, FaultCode.Cancelled, StatusTexts.ExportCancelled);
        Assert.Equal([0, 1, 3, 4, 7], _table.StatesOf(2));
        Assert.Equal([key], _table.All<Wharf.Grains.Sessions.StopEffect>().Select(stop => stop.Key));
        Assert.DoesNotContain(source.Reference, _table.Released);
        var result = _table.NewValue();
        Assert.False(_table.Table.Complete(key, result));
        Assert.Equal([source.Reference, result.Reference], _table.Released);
    }

    [Fact]
    public void Releasing_an_ended_export_has_no_effect()
    {
        _table.Make(1);
        _table.Table.Release(1);
        _table.MakeFailing(2, FaultCode.NotFound, "no");
        var effects = _table.All<Wharf.Grains.Sessions.ExportEffect>().Count();
        _table.Table.Release(1);
        _table.Table.Release(2);
        Assert.Equal(effects, _table.All<Wharf.Grains.Sessions.ExportEffect>().Count());
        _table.IsIn(ExportState.Failed, 2);
    }

    [Fact]
    public void Server_made_ids_are_released_the_same_way()
    {
        var value = _table.NewValue();
        _table.Table.AddServerMade(_table.Table.ReserveServerIds(1)[0], value, null);
        _table.Table.Release(-1);
        Assert.Equal([0, 5, 6], _table.StatesOf(-1));
        Assert.Equal([value.Reference], _table.Released);
    }

    [Fact]
    public void Released_ids_take_no_memory()
    {
        for (var id = 1; id <= 10_000; id++)
        {
            _table.Make(id);
            _table.Table.Release(id);
        }

        Assert.Equal(0, _table.Table.LiveCount);
        Assert.Equal(0, _table.Table.WaitingCount);
        Assert.Empty(_table.Table.ListLive());
        _table.IsIn(ExportState.Released, 5_000);
    }
}
