using Wharf.Grains.Sessions;
using Wharf.Protocol;

namespace Wharf.Grains.Tests.Exports;

public sealed class ExportDependencies
{
    private const string Cycle = "An export cannot depend on itself";
    private readonly TableUnderTest _table = new();

    [Fact]
    public void Work_may_name_an_id_that_does_not_exist_yet()
    {
        var key = _table.Define(2, 1);
        var value = _table.Make(1);
        Assert.Equal([value], _table.Table.Start(key)!.Value);
    }

    [Fact]
    public void Work_starts_when_all_its_sources_are_there_and_reads_them_in_its_order()
    {
        var key = _table.Define(3, 2, 1, 2);
        var first = _table.Make(1);
        Assert.False(_table.MayRun(key));
        var second = _table.Make(2);
        Assert.True(_table.MayRun(key));
        Assert.Equal([second, first, second], _table.Table.Start(key)!.Value);
    }

    [Fact]
    public void An_export_that_depends_on_itself_is_refused() =>
        TableUnderTest.Refused(FaultCode.FailedPrecondition, Cycle, () => _table.Define(1, 1));

    [Fact]
    public void A_circle_through_work_that_is_there_is_refused()
    {
        _table.Define(2, 1);
        _table.Define(3, 2);
        TableUnderTest.Refused(FaultCode.FailedPrecondition, Cycle, () => _table.Define(1, 3));
        _table.IsIn(ExportState.Unknown, 1);
        _table.Make(1);
    }

    [Fact]
    public void A_circle_within_a_batch_is_refused_and_touches_nothing()
    {
        TableUnderTest.Refused(FaultCode.FailedPrecondition, Cycle, () => _table.Table.Define(
            [new ExportDefinition(1, [ExportSource.Neighbour(1)]), new ExportDefinition(2, [ExportSource.Export(1)])], _table.Now));
        Assert.Empty(_table.All<ExportEffect>());
    }

    [Fact]
    public void A_batch_may_refer_forward_and_backward()
    {
        var keys = _table.Table.Define(
            [new ExportDefinition(0, [ExportSource.Neighbour(1)]), new ExportDefinition(2, []), new ExportDefinition(3, [ExportSource.Neighbour(0)])], _table.Now);
        Assert.False(_table.MayRun(keys[0]));
        _table.Run(keys[1]);
        var middle = _table.Run(keys[0]);
        Assert.DoesNotContain(middle.Reference, _table.Released);
        _table.Run(keys[2]);
        Assert.Contains(middle.Reference, _table.Released);
    }

    [Fact]
    public void A_batch_that_refers_to_no_operation_is_refused()
    {
        var fault = Assert.Throws<FaultException>(() => _table.Define(1, [ExportSource.Neighbour(1)])).Fault;
        Assert.Equal(FaultCode.InvalidArgument, fault.Code);
    }

    [Fact]
    public void A_dependent_registered_while_its_source_was_live_keeps_the_value()
    {
        var value = _table.Make(1);
        var key = _table.Define(3, 1, 2);
        _table.Table.Release(1);
        _table.IsIn(ExportState.Released, 1);
        Assert.Empty(_table.Released);
        var other = _table.Make(2);
        Assert.Equal([value, other], _table.Table.Start(key)!.Value);
        Assert.Empty(_table.Released);
        _table.Finish(key);
        Assert.Equal([value.Reference], _table.Released);
    }

    [Fact]
    public void A_dependent_registered_after_the_release_fails()
    {
        _table.Make(1);
        _table.Table.Release(1);
        var key = _table.Define(2, 1);
        _table.Answered(key, FaultCode.FailedPrecondition, "Export in state DEPENDENCY_RELEASED (related parent export id: 1)");
        Assert.Equal([0, 12], _table.StatesOf(2));
        Assert.Equal("1", _table.LastNoticeOf(2).DependentHandle);
    }

    [Fact]
    public void A_wait_for_an_export_that_nobody_defines_ends_after_its_time()
    {
        var key = _table.Define(2, 1);
        var later = _table.Define(3, 2);
        Assert.Equal(_table.Now + TableUnderTest.UndefinedWait, _table.Table.NextWaitEnd);
        _table.Table.EndWaits(_table.Now + TableUnderTest.UndefinedWait - TimeSpan.FromTicks(1));
        Assert.Null(_table.AnswerOf(key));
        _table.Table.EndWaits(_table.Now + TableUnderTest.UndefinedWait);
        _table.Answered(key, FaultCode.FailedPrecondition, "Export in state DEPENDENCY_NEVER_FOUND (related parent export id: 1)");
        Assert.Equal([0, 1, 10], _table.StatesOf(2));
        _table.Answered(later, FaultCode.FailedPrecondition, "Export in state DEPENDENCY_NEVER_FOUND (related parent export id: 1)");
        Assert.Equal([0, 1, 9], _table.StatesOf(3));
    }

    [Fact]
    public void A_wait_for_an_export_that_is_being_made_has_no_end()
    {
        var source = _table.Define(1);
        var key = _table.Define(2, 1);
        _table.Table.EndWaits(_table.Now + TimeSpan.FromDays(1));
        _table.Run(source);
        Assert.True(_table.MayRun(key));
    }

    [Fact]
    public void A_ticket_from_elsewhere_is_resolved_at_once_and_let_go_after_use()
    {
        var key = _table.Define(1, [ExportSource.Elsewhere("scope/t")]);
        var resolve = Assert.Single(_table.All<ResolveEffect>());
        Assert.Equal("scope/t", resolve.Ticket);
        var value = _table.Finish(resolve.Key);
        Assert.Equal([value], _table.Table.Start(key)!.Value);
        Assert.Empty(_table.Released);
        _table.Finish(key);
        Assert.Equal([value.Reference], _table.Released);
    }

    [Fact]
    public void A_ticket_that_does_not_resolve_uses_the_result_up()
    {
        var key = _table.Define(1, [ExportSource.Elsewhere("scope/t")]);
        _table.Table.Fail(_table.All<ResolveEffect>().Single().Key, new Fault(FaultCode.NotFound, "no t"));
        _table.Answered(key, FaultCode.NotFound, "no t");
        Assert.Equal([0, 1, 9], _table.StatesOf(1));
    }

    [Fact]
    public void Nobody_waits_for_a_ticket_whose_dependents_were_given_up()
    {
        _table.Define(1, [ExportSource.Elsewhere("shared/ab")]);
        var resolve = _table.All<ResolveEffect>().Single();
        _table.Table.Release(1);
        Assert.Equal([resolve.Key], _table.All<StopEffect>().Select(stop => stop.Key));
        var value = _table.Finish(resolve.Key);
        Assert.Equal([value.Reference], _table.Released);
    }

    [Fact]
    public void Live_exports_are_limited()
    {
        var table = new TableUnderTest(maxLive: 2);
        table.Make(1);
        Assert.Equal(FaultCode.ResourceExhausted, Assert.Throws<FaultException>(() => table.Define(2, 3)).Fault.Code);
        table.Make(2);
        Assert.Equal(FaultCode.ResourceExhausted, Assert.Throws<FaultException>(() => table.Define(3)).Fault.Code);
        Assert.Equal(FaultCode.ResourceExhausted, Assert.Throws<FaultException>(() => table.Table.ReserveServerIds(1)).Fault.Code);
        Assert.Equal(FaultCode.ResourceExhausted, Assert.Throws<FaultException>(() => table.Table.Publish(9, "ab")).Fault.Code);
        table.Table.Release(1);
        table.Make(3);
    }

    [Fact]
    public void Waiting_calls_of_all_sessions_of_a_principal_are_limited()
    {
        var principals = new PrincipalCalls(most: 2);
        var ann = principals.Join("ann");
        Assert.Same(ann, principals.Join("ann"));
        TableUnderTest first = new(principal: ann), second = new(principal: ann), stranger = new(principal: principals.Join("bob"));
        first.Define(0, 1);
        second.Define(0, 1);

        Assert.Equal(FaultCode.ResourceExhausted, Assert.Throws<FaultException>(() => second.Define(0, 1)).Fault.Code);
        stranger.Define(0, 1);
        first.Table.End();
        second.Define(0, 1);

        ann.Leave();
        Assert.Equal(2, principals.Principals);
        ann.Leave();
        Assert.Equal(1, principals.Principals);
    }

    [Fact]
    public void Waiting_calls_are_limited()
    {
        var table = new TableUnderTest(maxWaiting: 2);
        table.Define(0, 1);
        table.Define(0, 1);
        Assert.Equal(FaultCode.ResourceExhausted, Assert.Throws<FaultException>(() => table.Define(0, 1)).Fault.Code);
    }
}
