using Calls;
using Grpc.Core;
using Wharf.Client;
using Wharf.Plugins;
using Wharf.Protocol;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Rpc.Tests;

/// <summary>One interface, both ends.</summary>
public sealed class TypedCalls(CallsServer server) : IClassFixture<CallsServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Values_of_the_contracts_own_travel_both_ways_and_calls_keep_their_order()
    {
        await using var session = await server.LoginAsync();
        await using var desk = await session.OpenAsync<IOrderDesk>("desk", Cancelled);
        var before = await desk.Service.TakeAsync([], Cancelled);
        var sums = await Task.WhenAll(Enumerable.Range(1, 100).Select(number => desk.Service.TakeAsync([new("nail", number, 0.5m)], Cancelled).AsTask()));
        Assert.Equal(Enumerable.Range(1, 100).Select(number => before + (0.25m * number * (number + 1))), sums);
        Assert.Equal(new Order("nail", 100, 0.5m), await desk.Service.LastAsync(Cancelled));
    }

    [Fact]
    public async Task Tables_are_parameters_and_results_in_their_order_and_may_be_null()
    {
        await using var session = await server.LoginAsync();
        await using var desk = await session.OpenAsync<IOrderDesk>("desk", Cancelled);
        await using var three = await session.EmptyTableAsync(3, Cancelled);
        await using var seven = await session.EmptyTableAsync(7, Cancelled);
        Assert.Equal(37, await desk.Service.RowsAsync(three, 10, seven, Cancelled));
        Assert.Equal(73, await desk.Service.RowsAsync(seven, 10, three, Cancelled));
        await using var marked = await desk.Service.MarkAsync(three, "x", Cancelled);
        Assert.Equal((3L, "Mark"), (marked!.Size, Assert.Single(marked.Schema.FieldsList).Name));
        Assert.Equal(3, Assert.Single(await ((Table)marked).ToArrowAsync(Cancelled)).Length);
        Assert.Null(await desk.Service.MarkAsync(null, cancellationToken: Cancelled));
    }

    [Fact]
    public async Task A_table_that_came_as_a_result_can_be_computed_on_by_the_interface_alone()
    {
        await using var session = await server.LoginAsync();
        ITable table = await session.EmptyTableAsync(4, Cancelled);
        await using var kept = await table.KeepAsync(Cancelled);
        await table.DisposeAsync();
        await using var result = await ((ITable)kept).RunAsync(new Tables.SelectOrUpdate(Tables.SelectKind.Update, ["X = i"]), cancellationToken: Cancelled);
        Assert.Equal("X", Assert.Single(result.Schema.FieldsList).Name);
    }

    [Fact]
    public async Task A_failure_is_that_of_its_call_and_the_next_call_goes_on()
    {
        await using var session = await server.LoginAsync();
        await using var desk = await session.OpenAsync<IOrderDesk>("desk", Cancelled);
        var plain = await Assert.ThrowsAsync<WharfException>(() => desk.Service.FailAsync("as asked"));
        Assert.Equal((StatusCode.Unknown, "as asked"), (plain.StatusCode, plain.Status.Detail));
        var known = await Assert.ThrowsAsync<WharfException>(() => desk.Service.FailAsync("no more", (int)PluginStatus.ResourceExhausted));
        Assert.Equal((StatusCode.ResourceExhausted, "no more"), (known.StatusCode, known.Status.Detail));
        await desk.Service.LastAsync(Cancelled);
    }

    [Fact]
    public async Task Values_are_pushed_until_the_method_ends_and_beside_other_calls()
    {
        await using var session = await server.LoginAsync();
        await using var desk = await session.OpenAsync<IOrderDesk>("desk", Cancelled);
        await using var screws = desk.Service.WatchAsync("screw", Cancelled).GetAsyncEnumerator(Cancelled);
        var first = screws.MoveNextAsync();
        while (!first.IsCompleted)
            await desk.Service.TakeAsync([new("nail", 1, 1), new("screw", 2, 1)], Cancelled);
        Assert.True(await first);
        Assert.Equal("screw", screws.Current.Item);
        await desk.Service.TakeAsync([new("end", 0, 0)], Cancelled);
        while (await screws.MoveNextAsync())
            Assert.Equal("screw", screws.Current.Item);
    }

    [Theory]
    [InlineData("nothing", StatusCode.NotFound, "there is no such item")]
    [InlineData(null, StatusCode.Unknown, "a broken order")]
    public async Task A_push_that_fails_ends_with_its_error(string? item, StatusCode status, string text)
    {
        await using var session = await server.LoginAsync();
        await using var desk = await session.OpenAsync<IOrderDesk>("desk", Cancelled);
        await using var orders = desk.Service.WatchAsync(item, Cancelled).GetAsyncEnumerator(Cancelled);
        var next = orders.MoveNextAsync().AsTask();
        while (!next.IsCompleted)
            await desk.Service.TakeAsync([new("broken", 0, 0)], Cancelled);
        var error = await Assert.ThrowsAsync<WharfException>(() => next);
        Assert.Equal((status, text), (error.StatusCode, error.Status.Detail));
    }

    [Fact]
    public async Task An_object_with_a_contract_of_its_own_is_a_result_a_parameter_and_can_be_shared()
    {
        await using var session = await server.LoginAsync();
        await using var desk = await session.OpenAsync<IOrderDesk>("desk", Cancelled);
        var clerk = await desk.Service.OpenClerkAsync("Ann", Cancelled);
        Assert.Equal("Ann", await clerk.NameAsync(Cancelled));
        var target = (RemoteObject)((Rpc.RpcProxy)clerk).Target;
        Assert.Equal("Clerk", await desk.Service.DescribeAsync(target, Cancelled));

        var shared = await session.PublishAsync((ExportTicket)target.Reference.Ticket, Cancelled);
        await using var other = await server.LoginAsync();
        await using var same = await other.OpenAsync<IClerk>(new TypedTicket(shared, ""), Cancelled);
        var meeting = clerk.MeetAsync(2, Cancelled);
        Assert.Equal(2, await same.Service.MeetAsync(2, Cancelled));
        Assert.Equal(2, await meeting);
        await ((IAsyncDisposable)clerk).DisposeAsync();
    }

    [Fact]
    public async Task Calls_of_a_concurrent_object_run_side_by_side()
    {
        await using var session = await server.LoginAsync();
        await using var desk = await session.OpenAsync<IOrderDesk>("desk", Cancelled);
        var clerk = await desk.Service.OpenClerkAsync("Bob", Cancelled);
        var meetings = Enumerable.Range(0, 12).Select(_ => clerk.MeetAsync(12, Cancelled));
        Assert.All(await Task.WhenAll(meetings), parties => Assert.Equal(12, parties));
    }

    [Fact]
    public async Task A_call_that_is_given_up_is_cancelled_at_the_object_and_no_other_is()
    {
        await using var session = await server.LoginAsync();
        await using var desk = await session.OpenAsync<IOrderDesk>("desk", Cancelled);
        var clerk = await desk.Service.OpenClerkAsync("Cid", Cancelled);
        using var giveUp = new CancellationTokenSource();
        var given = clerk.MeetAsync(2, giveUp.Token);
        await clerk.NameAsync(Cancelled); // on its way behind the other, whose stream is open then
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.Equal(1, await clerk.GivenUpAsync(1, Cancelled));

        // Who was given up waits no more: it takes two others to meet.
        var meeting = clerk.MeetAsync(2, Cancelled);
        Assert.Equal(2, await clerk.MeetAsync(2, Cancelled));
        Assert.Equal(2, await meeting);
        Assert.Equal(1, await clerk.GivenUpAsync(0, Cancelled));
    }

    [Fact]
    public async Task A_call_that_is_given_up_frees_an_object_that_serves_one_at_a_time()
    {
        await using var session = await server.LoginAsync();
        await using var desk = await session.OpenAsync<IOrderDesk>("desk", Cancelled);
        await using var orders = desk.Service.WatchAsync("wait", Cancelled).GetAsyncEnumerator(Cancelled);
        var first = orders.MoveNextAsync().AsTask();
        while (!first.IsCompleted)
            await desk.Service.TakeAsync([new("wait", 0, 0)], Cancelled);
        Assert.True(await first);

        using var giveUp = new CancellationTokenSource();
        var waiting = desk.Service.WaitAsync(giveUp.Token);
        do
            Assert.True(await orders.MoveNextAsync());
        while (orders.Current != new Order("wait", 0, 0));
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await desk.Service.LastAsync(Cancelled);
    }

    [Fact]
    public async Task A_reader_that_stops_cancels_the_streaming_method()
    {
        await using var session = await server.LoginAsync();
        await using var desk = await session.OpenAsync<IOrderDesk>("desk", Cancelled);
        var before = await desk.Service.LeftAsync(0, Cancelled);
        var orders = desk.Service.WatchAsync("nail", Cancelled).GetAsyncEnumerator(Cancelled);
        var first = orders.MoveNextAsync().AsTask();
        while (!first.IsCompleted)
            await desk.Service.TakeAsync([new("nail", 1, 1)], Cancelled);
        Assert.True(await first);
        Assert.Equal(before, await desk.Service.LeftAsync(0, Cancelled));
        await orders.DisposeAsync();
        Assert.Equal(before + 1, await desk.Service.LeftAsync(before + 1, Cancelled));
    }

    [Fact]
    public async Task Lists_of_tables_are_parameters_and_results_in_their_order_and_may_have_nulls()
    {
        await using var session = await server.LoginAsync();
        await using var desk = await session.OpenAsync<IOrderDesk>("desk", Cancelled);
        await using var three = await session.EmptyTableAsync(3, Cancelled);
        await using var seven = await session.EmptyTableAsync(7, Cancelled);
        Assert.Equal((long[])[3, 7, 3], await desk.Service.SizesAsync([three, seven, three], Cancelled));
        Assert.Equal((long[])[], await desk.Service.SizesAsync([], Cancelled));
        Assert.Null(await desk.Service.SizesAsync(null, Cancelled));

        var marked = await desk.Service.MarkAllAsync([seven, null, three], seven, Cancelled);
        Assert.Equal([7, null, 3, 7], marked.Select(table => table?.Size));
        Assert.Equal(["0", "2", "3"], await Task.WhenAll(marked.OfType<Table>().Select(FirstMarkAsync)));
        foreach (var table in marked.OfType<Table>())
            await table.DisposeAsync();
    }

    [Fact]
    public async Task Lists_in_the_guides_own_form_take_all_the_references_that_are_left()
    {
        await using var session = await server.LoginAsync();
        await using var three = await session.EmptyTableAsync(3, Cancelled);
        await using var desk = await PluginClient.ConnectAsync(session, await session.ExportableObjects.FindAsync("desk", Cancelled), Cancelled);
        await desk.ReadAsync(Cancelled);

        Assert.Equal("""{"result":[3,3]}""", await AskAsync("""{"method": "sizes"}""", three, three));
        Assert.Equal("""{"result":[3]}""", await AskAsync("""{"method": "sizes", "tables": [""]}""", three, three));
        Assert.Equal("""{"result":["",null]}""", await AskAsync("""{"method": "mark_all", "tables": [""]}""", three));
        foreach (var wrong in new[] { """["", ""]""", """[null]""", "5" })
            Assert.Equal(
                """{"error":"sizes takes a list as tables: an array with an empty string for each element, and for each string a table, the next reference of the call","status":3}""",
                await AskAsync($$"""{"method": "sizes", "tables": {{wrong}}}""", three));

        async Task<string> AskAsync(string call, params Table[] tables)
        {
            await desk.SendAsync(System.Text.Encoding.UTF8.GetBytes(call), [.. tables.Select(table => table.Reference)], Cancelled);
            return System.Text.Encoding.UTF8.GetString((await desk.ReadAsync(Cancelled))!.Payload.Span);
        }
    }

    [Fact]
    public async Task Lists_of_objects_with_a_contract_are_results_and_are_pushed()
    {
        await using var session = await server.LoginAsync();
        await using var desk = await session.OpenAsync<IOrderDesk>("desk", Cancelled);
        var clerks = await desk.Service.OpenClerksAsync(["Ann", "Bob"], Cancelled);
        Assert.Equal(["Ann", "Bob"], await Task.WhenAll(clerks.Select(clerk => clerk.NameAsync(Cancelled))));
        List<int> sizes = [];
        await foreach (var pair in desk.Service.HireAsync(["Cid", "Dan", "Eve"], Cancelled))
        {
            sizes.Add(pair.Count);
            Assert.Equal(2, (await Task.WhenAll(pair[0].MeetAsync(2, Cancelled), pair[0].MeetAsync(2, Cancelled)))[0]);
        }
        Assert.Equal([2, 1], sizes);
    }

    [Fact]
    public async Task Opening_reports_a_missing_object_and_one_of_another_type()
    {
        await using var session = await server.LoginAsync();
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<WharfException>(() => session.OpenAsync<IOrderDesk>("desks", Cancelled))).StatusCode);
        await Assert.ThrowsAsync<WharfException>(() => session.OpenAsync<IClerk>("desk", Cancelled));
        Assert.Throws<NotSupportedException>(() => Unwrap(() => Rpc.RpcContract<IDisposable>.Instance));
    }

    private static async Task<string> FirstMarkAsync(Table table) => ((Apache.Arrow.StringArray)(await table.ToArrowAsync(Cancelled))[0].Column(0)).GetString(0);

    private static void Unwrap(Func<object> read)
    {
        try
        {
            read();
        }
        catch (TypeInitializationException wrapped)
        {
            throw wrapped.InnerException!;
        }
    }
}
