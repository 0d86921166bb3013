using Wharf.Grains.Sessions;
using Wharf.Protocol;

namespace Wharf.Grains.Tests.Exports;

public sealed class ExportFailures
{
    private readonly TableUnderTest _table = new();

    [Fact]
    public void An_explicit_status_reaches_dependents_at_any_depth()
    {
        var first = _table.Define(1);
        long[] dependents = [_table.Define(2, 1), _table.Define(3, 2), _table.Define(0, 3)];
        _table.Table.Start(first);
        _table.Table.Fail(first, new Fault(FaultCode.NotFound, "no"));
        _table.Answered(first, FaultCode.NotFound, "no");
        foreach (var dependent in dependents)
            _table.Answered(dependent, FaultCode.NotFound, "no");
        Assert.Equal([0, 1, 9], _table.StatesOf(2));
        Assert.Equal([0, 1, 9], _table.StatesOf(3));
        Assert.Equal("error-1", _table.LastNoticeOf(3).Context);
        Assert.Equal("", _table.LastNoticeOf(3).DependentHandle);
    }

    [Fact]
    public void A_failure_without_a_status_of_its_own_reaches_dependents_as_a_state()
    {
        _table.MakeFailing(1, FaultCode.InvalidArgument, "bad formula");
        var dependent = _table.Define(2, 1);
        var later = _table.Define(3, 2);
        _table.Answered(dependent, FaultCode.FailedPrecondition, "Export in state DEPENDENCY_FAILED");
        _table.Answered(later, FaultCode.FailedPrecondition, "Export in state DEPENDENCY_FAILED");
        Assert.Equal([0, 9], _table.StatesOf(2));
        Assert.Equal("error-1", _table.LastNoticeOf(2).Context);
    }

    [Fact]
    public void A_cancelled_call_makes_its_dependents_fail()
    {
        _table.Define(2, 1);
        var dependent = _table.Define(3, 2);
        _table.Table.Release(2);
        _table.Answered(dependent, FaultCode.FailedPrecondition, "Export in state DEPENDENCY_FAILED");
        Assert.Equal([0, 1, 9], _table.StatesOf(3));
    }

    [Fact]
    public void A_cancelled_mention_cancels_its_dependents_and_is_named()
    {
        var dependent = _table.Define(2, 1);
        _table.Table.Release(1);
        _table.Answered(dependent, FaultCode.FailedPrecondition, "Export in state DEPENDENCY_CANCELLED (related parent export id: 1)");
        Assert.Equal([0, 1, 11], _table.StatesOf(2));
        Assert.Equal("1", _table.LastNoticeOf(2).DependentHandle);
        var later = _table.Define(3, 1);
        _table.Answered(later, FaultCode.FailedPrecondition, "Export in state DEPENDENCY_CANCELLED (related parent export id: 1)");
    }

    [Fact]
    public void Reading_a_null_reference_is_an_invalid_argument()
    {
        _table.Table.AddServerMade(_table.Table.ReserveServerIds(1)[0], new ExportValue(ObjectReference.Null), null);
        var key = _table.Define(1, -1);
        Assert.Null(_table.Table.Start(key));
        Assert.Equal(FaultCode.InvalidArgument, _table.AnswerOf(key)!.Fault!.Code);
        Assert.Equal([0, 1, 3, 4, 8], _table.StatesOf(1));
        _table.Table.Release(-1);
        Assert.Empty(_table.Released);
    }

    [Fact]
    public void A_batch_ends_with_statuses_of_its_own_only()
    {
        var failing = _table.Define(1);
        var dependent = _table.Define(2, 1);
        var cancelled = _table.Define(3, 9);
        _table.Table.Start(failing);
        _table.Table.Fail(failing, new Fault(FaultCode.InvalidArgument, "bad formula"));
        _table.Table.Release(3);
        Assert.Equal([true, false, false], new[] { failing, dependent, cancelled }.Select(key => _table.AnswerOf(key)!.HasOwnStatus));
    }

    [Fact]
    public void A_long_chain_fails_without_exhausting_the_stack()
    {
        var table = new TableUnderTest(maxLive: 200_000, maxWaiting: 200_000, remembered: 200_000);
        for (var id = 2; id <= 100_000; id++)
            table.Define(id, id - 1);
        table.Table.Release(1);
        table.IsIn(ExportState.DependencyFailed, 100_000);
    }
}
