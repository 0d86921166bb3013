using Wharf.Grains.Sessions;
using Wharf.Protocol;

namespace Wharf.Grains.Tests.Exports;

public sealed class ExportsOfEndedSessions
{
    private readonly TableUnderTest _table = new();

    [Fact]
    public void Present_exports_are_released_and_pending_ones_are_cancelled()
    {
        var value = _table.Make(1);
        var waiting = _table.Define(3, 2);
        var later = _table.Define(4, 3);
        _table.Table.End();
        Assert.Equal(6, _table.StatesOf(1)[^1]);
        Assert.Equal([0, 7], _table.StatesOf(2));
        Assert.Equal([0, 1, 7], _table.StatesOf(3));
        Assert.Equal([0, 1, 7], _table.StatesOf(4));
        _table.Answered(waiting, FaultCode.Cancelled, StatusTexts.ExportCancelled);
        _table.Answered(later, FaultCode.Cancelled, StatusTexts.ExportCancelled);
        Assert.Equal([value.Reference], _table.Released);
    }

    [Fact]
    public void A_call_without_an_export_learns_what_became_of_its_source()
    {
        var key = _table.Define(0, 1);
        _table.Table.End();
        _table.Answered(key, FaultCode.FailedPrecondition, "Export in state DEPENDENCY_CANCELLED (related parent export id: 1)");
    }

    [Fact]
    public void New_exports_are_refused()
    {
        _table.Table.End();
        TableUnderTest.Refused(FaultCode.Unauthenticated, "", () => _table.Define(1));
        TableUnderTest.Refused(FaultCode.Unauthenticated, "", () => _table.Table.Release(1));
        TableUnderTest.Refused(FaultCode.Unauthenticated, "", () => _table.Table.ReserveServerIds(1));
        Assert.False(_table.Table.AddServerMade(-1, _table.NewValue(), null));
    }

    [Fact]
    public void Running_work_is_thrown_away_when_it_comes_to_its_end()
    {
        var source = _table.Make(1);
        var key = _table.Define(2, 1);
        _table.Table.Start(key);
        _table.Table.End();
        Assert.Equal([key], _table.All<StopEffect>().Select(stop => stop.Key));
        Assert.Empty(_table.Released);
        var result = _table.Finish(key);
        Assert.Equal([source.Reference, result.Reference], _table.Released);
    }

    [Fact]
    public void Shared_tickets_are_withdrawn()
    {
        _table.Make(1);
        _table.Table.Publish(1, "ab");
        _table.Table.Publish(2, "cd");
        _table.MakeFailing(3, FaultCode.NotFound, "no");
        _table.Table.Publish(3, "ef");
        _table.Table.End();
        Assert.Equal(["ab", "cd", "ef"], _table.All<WithdrawEffect>().Select(withdraw => withdraw.SharedId).Order(StringComparer.Ordinal));
        Assert.False(_table.Table.IsPublished(1, "ab"));
    }
}
