using Wharf.Grains.Sessions;
using Wharf.Grains.Tables;
using Wharf.Tables;

namespace Wharf.Grains.Tests.Cluster;

[Collection(nameof(TestCluster))]
public sealed class SessionExportsInACluster(TestCluster cluster)
{
    private static PortableOperation Empty => new(new EmptyTable(7));

    private static PortableOperation Head => new(new SelectDistinct([]));

    private World World => cluster.World;

    [Fact]
    public async Task An_adopted_object_passes_from_its_maker_to_the_export_and_ends_with_it()
    {
        var session = await cluster.LoginAsync();
        var reference = await session.AdoptAsync(1);
        await World.UntilHeldBy(reference, session.HolderOf(1));
        Assert.Equal(reference, await cluster.Grains.LookupAsync($"export/{session.Id}/1"));
        await session.Grain.ReleaseAsync(1);
        await World.UntilHeldBy(reference);
        Assert.Null(await cluster.Grains.LookupAsync($"export/{session.Id}/1"));
    }

    [Fact]
    public async Task A_call_waits_for_an_export_that_is_defined_later()
    {
        var session = await cluster.LoginAsync();
        var waiting = session.ReferenceAsync(2, "export/1");
        var reference = await session.AdoptAsync(1);
        Assert.Equal([reference], (await waiting).References);
        await World.UntilHeldBy(reference, session.HolderOf(1), session.HolderOf(2));
    }

    [Fact]
    public async Task A_long_wait_is_a_renewed_call()
    {
        var session = await cluster.LoginAsync();
        var notices = await session.Grain.PullNotificationsAsync("f", 0);
        var waiting = session.ReferenceAsync(2, "export/1");
        for (long cursor = notices.Items.Length; !notices.Items.Any(notice => notice is { ExportId: 2, State: 1 }); cursor += notices.Items.Length)
            notices = await session.Grain.PullNotificationsAsync("f", cursor);
        cluster.Time.Advance(GrainLimits.LongestWait);
        var pending = await waiting;
        Assert.False(pending.IsDone);
        var further = session.Grain.AwaitWorkAsync(pending.WorkId);
        var reference = await session.AdoptAsync(1);
        Assert.Equal([reference], (await further).References);
        Assert.Equal(FaultCode.NotFound, (await session.RefusedAsync(grain => grain.AwaitWorkAsync(pending.WorkId))).Code);
    }

    [Fact]
    public async Task Objects_that_a_plugin_sent_get_negative_ids_once()
    {
        var session = await cluster.LoginAsync();
        var reference = World.NewObject();
        var ids = await session.Grain.ExportObjectsAsync([reference, ObjectReference.Null], "stream/1");
        Assert.Equal([-1, -2], ids);
        Assert.Equal(ids, await session.Grain.ExportObjectsAsync([reference, ObjectReference.Null], "stream/1"));
        Assert.Equal([-3], await session.Grain.ExportObjectsAsync([reference], "stream/2"));
        await World.UntilHeldBy(reference, session.HolderOf(-1), session.HolderOf(-3));
        Assert.Equal(FaultCode.InvalidArgument, (await session.ResolveAsync("export/-2")).Fault!.Code);
        await session.Grain.ReleaseAsync(-1);
        await session.Grain.ReleaseAsync(-3);
        await World.UntilHeldBy(reference);
    }

    [Fact]
    public async Task A_resolve_holds_all_of_its_objects_or_none()
    {
        var session = await cluster.LoginAsync();
        var first = await session.AdoptAsync(1);
        var second = await session.AdoptAsync(2);
        var outcome = await session.ResolveAsync("export/2", "export/1", "export/2");
        Assert.Equal([second, first, second], outcome.References);
        await World.UntilHeldBy(first, session.HolderOf(1), $"call/{session.Id}");
        World.Lose(second);
        var other = await session.Grain.ResolveAsync(new ResolveRequest(["export/1", "export/2"], "call/other", null));
        Assert.Equal(FaultCode.DataLoss, other.Fault!.Code);
        await World.UntilHeldBy(first, session.HolderOf(1), $"call/{session.Id}");
    }

    [Fact]
    public async Task A_resolve_that_nobody_comes_for_lets_go()
    {
        var session = await cluster.LoginAsync(TimeSpan.FromHours(1));
        using var gone = new CancellationTokenSource();
        var waiting = session.Grain.ResolveAsync(new ResolveRequest(["export/1"], "call/gone", null), gone.Token);
        var notices = await session.Grain.PullNotificationsAsync("f", 0);
        for (long cursor = notices.Items.Length; notices.Items.All(notice => notice.ExportId != 1); cursor += notices.Items.Length)
            notices = await session.Grain.PullNotificationsAsync("f", cursor);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        var reference = await session.AdoptAsync(1);
        await World.UntilHeldBy(reference, session.HolderOf(1), "call/gone");
        cluster.Time.Advance(TimeSpan.FromMinutes(2));
        await session.Grain.PullNotificationsAsync("g", 0);
        cluster.Time.Advance(TimeSpan.FromMinutes(2));
        await World.UntilHeldBy(reference, session.HolderOf(1));
    }

    [Fact]
    public async Task Table_work_runs_where_its_first_input_is_and_is_held_for_the_export()
    {
        var session = await cluster.LoginAsync();
        var made = await session.Grain.SubmitAsync(new TableWork(1, [], Empty));
        Assert.Equal(0, made.Table!.Size);
        var next = await session.Grain.SubmitAsync(new TableWork(2, ["export/1", "export/1"], Head));
        Assert.Equal(2, next.Table!.Size);
        await World.UntilHeldBy(next.References[0], session.HolderOf(2));
        await session.Grain.CloseAsync(SessionEndReason.Closed);
        await World.UntilHeldBy(made.References[0]);
        await World.UntilHeldBy(next.References[0]);
    }

    [Fact]
    public async Task Fetching_a_table_gives_the_same_table()
    {
        var session = await cluster.LoginAsync();
        var table = await session.AdoptAsync(1, World.NewTable());
        var outcome = await session.Grain.SubmitAsync(new TableWork(2, ["export/1"], new PortableOperation(new FetchTable())));
        Assert.Equal([table], outcome.References);
        Assert.Equal(TableDouble.Summary.Size, outcome.Table!.Size);
        await World.UntilHeldBy(table, session.HolderOf(1), session.HolderOf(2));
    }

    [Fact]
    public async Task A_source_that_is_not_a_table_is_refused_by_name()
    {
        var session = await cluster.LoginAsync();
        await session.AdoptAsync(1);
        var fault = (await session.Grain.SubmitAsync(new TableWork(2, ["export/1"], Head))).Fault!;
        Assert.Equal((FaultCode.InvalidArgument, "The source is not a table (found: Echo)"), (fault.Code, fault.Message));
    }

    [Fact]
    public async Task Releasing_running_work_cancels_it_and_lets_its_result_go()
    {
        var session = await cluster.LoginAsync();
        World.HoldRuns = true;
        try
        {
            var source = await session.AdoptAsync(1, World.NewTable());
            var running = session.Grain.SubmitAsync(new TableWork(2, ["export/1"], Head));
            await World.Until(() => World.RunRequests.Values.Any(run => run.Holder == session.HolderOf(2)));
            var run = World.RunRequests.Values.Single(run => run.Holder == session.HolderOf(2));
            await session.Grain.ReleaseAsync(2);
            await session.Grain.ReleaseAsync(1);
            Assert.Equal(FaultCode.Cancelled, (await running).Fault!.Code);
            await World.Until(() => World.CancelledRuns.Contains(run.RunId));
            Assert.Equal([session.HolderOf(1)], World.HoldersOf(source));
            var result = Runs.Complete(World, run);
            await World.UntilHeldBy(result);
            await World.UntilHeldBy(source);
        }
        finally
        {
            World.HoldRuns = false;
        }
    }

    [Fact]
    public async Task A_batch_answers_for_each_operation_and_lets_go_of_what_lies_between()
    {
        var session = await cluster.LoginAsync();
        var batch = await session.Grain.SubmitBatchAsync(
            new BatchWork([new TableWork(1, ["batch/1"], Head), new TableWork(0, [], Empty), new TableWork(2, ["scope/none"], Head)]));
        List<BatchItem> items = [];
        BatchOutcomes outcomes;
        do
        {
            outcomes = await session.Grain.PullBatchAsync(batch, items.Count);
            items.AddRange(outcomes.Items);
        }
        while (!outcomes.IsDone);
        Assert.Equal([0, 1, 2], items.Select(item => item.Index).Order());
        var failed = items.Single(item => item.Index == 2);
        Assert.Equal((FaultCode.NotFound, true), (failed.Outcome.Fault!.Code, failed.HasOwnStatus));
        await World.UntilHeldBy(items.Single(item => item.Index == 1).Outcome.References[0]);
        await World.UntilHeldBy(items.Single(item => item.Index == 0).Outcome.References[0], session.HolderOf(1));
    }

    [Fact]
    public async Task An_upload_that_did_not_come_to_its_end_fails_its_export()
    {
        var session = await cluster.LoginAsync();
        var outcome = await session.Grain.SubmitAsync(new FailWork(1, new Fault(FaultCode.Cancelled, "gone")));
        Assert.Equal(FaultCode.Cancelled, outcome.Fault!.Code);
        Assert.Equal("gone", (await session.ReferenceAsync(2, "export/1")).Fault!.Message);
    }

    [Fact]
    public async Task Followers_hear_of_everything_up_to_the_end()
    {
        var session = await cluster.LoginAsync();
        await session.AdoptAsync(1, World.NewTable());
        var first = await session.Grain.PullNotificationsAsync("f", 0);
        Assert.Equal([new ExportNotice(1, 5, "", ""), new ExportNotice(0, 5, "run is complete", "")], first.Items);
        var made = await session.Grain.SubmitAsync(new TableWork(2, [], Empty));
        var updates = await session.Grain.PullTableUpdatesAsync("f", 0);
        List<TableUpdate> sizes = [.. updates.Items];
        while (sizes.Count < 2)
            sizes.AddRange((await session.Grain.PullTableUpdatesAsync("f", sizes.Count)).Items);
        Assert.Equal([new TableUpdate(1, 7, ""), new TableUpdate(2, made.Table!.Size, "")], sizes.OrderBy(update => update.ExportId));
        await session.Grain.CloseAsync(SessionEndReason.Closed);

        List<ExportNotice> notices = [.. first.Items];
        NotificationBatch batch;
        do
        {
            batch = await session.Grain.PullNotificationsAsync("f", notices.Count);
            notices.AddRange(batch.Items);
        }
        while (!batch.IsDone);
        Assert.Equal([5, 6], notices.Where(notice => notice.ExportId == 1).Select(notice => notice.State));
        Assert.Equal([0, 1, 3, 4, 5, 6], notices.Where(notice => notice.ExportId == 2).Select(notice => notice.State));
        Assert.True((await session.Grain.PullTableUpdatesAsync("f", 2)).IsDone);
    }

    [Fact]
    public async Task Calls_that_wait_when_the_session_ends_are_cancelled()
    {
        var session = await cluster.LoginAsync();
        var notices = await session.Grain.PullNotificationsAsync("f", 0);
        var waiting = session.ReferenceAsync(2, "export/1");
        for (long cursor = notices.Items.Length; !notices.Items.Any(notice => notice is { ExportId: 2, State: 1 }); cursor += notices.Items.Length)
            notices = await session.Grain.PullNotificationsAsync("f", cursor);
        await session.Grain.CloseAsync(SessionEndReason.Closed);
        Assert.Equal(FaultCode.Cancelled, (await waiting).Fault!.Code);
    }

    [Fact]
    public async Task A_result_id_that_is_not_positive_is_refused()
    {
        var session = await cluster.LoginAsync();
        Assert.Equal(FaultCode.InvalidArgument, (await session.RefusedAsync(grain => grain.SubmitAsync(new TableWork(0, [], Empty)))).Code);
        Assert.Equal(FaultCode.InvalidArgument, (await session.RefusedAsync(grain => grain.SubmitAsync(new ReferenceWork(-1, "export/1")))).Code);
    }
}
