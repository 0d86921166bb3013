using System.Text;
using System.Text.Json.Nodes;
using Grpc.Core;
using Wharf.Client;
using Wharf.Plugins;

namespace Wharf.Server.Tests;

/// <summary>Exceptions of plugins whose members fail, as operators and clients of a complete server see them.</summary>
public sealed class FaultyObjects
{
    [Fact]
    public async Task A_named_object_that_cannot_be_made_fails_the_start_with_its_name_and_the_reason()
    {
        var options = Options();
        options.Settings["Wharf:Fields:broken:Type"] = "Faulty";
        options.Settings["Wharf:Fields:broken:Arguments:Fail"] = "true";

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => WharfServer.StartAsync(options, TestServer.Cancelled));

        Assert.Contains("broken", failure.Message, StringComparison.Ordinal);
        Assert.Contains(typeof(Unreadable).FullName!, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Creating_an_invalid_object_at_run_time_returns_the_reason()
    {
        await using var server = await WharfServer.StartAsync(Options(), TestServer.Cancelled);
        await using var session = await server.ConnectAsync();
        await using var objects = await session.OpenAsync("objects");

        await objects.SendAsync("""{"method": "create", "type": "Faulty", "name": "x", "arguments": {"Fail": true}}"""u8.ToArray(), cancellationToken: TestServer.Cancelled);
        var answer = JsonNode.Parse((await objects.ReadAsync(TestServer.Cancelled))!.Payload.Span)!;

        Assert.Equal((int)StatusCode.InvalidArgument, (int)answer["status"]!);
        Assert.Contains(typeof(Unreadable).FullName!, (string)answer["error"]!, StringComparison.Ordinal);
        await objects.SendAsync("""{"method": "list_types"}"""u8.ToArray(), cancellationToken: TestServer.Cancelled);
        Assert.NotNull(JsonNode.Parse((await objects.ReadAsync(TestServer.Cancelled))!.Payload.Span)!["result"]);
    }

    [Fact]
    public async Task A_client_gets_the_name_of_an_exception_that_cannot_be_read_and_the_object_answers_the_next_one()
    {
        var options = Options();
        options.Settings["Wharf:Fields:faulty:Type"] = "Faulty";
        await using var server = await WharfServer.StartAsync(options, TestServer.Cancelled);
        await using var session = await server.ConnectAsync();
        await using (var failing = await session.OpenAsync("faulty"))
        {
            await failing.SendAsync("fail"u8.ToArray(), cancellationToken: TestServer.Cancelled);
            var failure = await Assert.ThrowsAsync<WharfException>(() => failing.ReadAsync(TestServer.Cancelled));
            Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
            Assert.Contains(typeof(Unreadable).FullName!, failure.Status.Detail, StringComparison.Ordinal);
        }

        await using var next = await session.OpenAsync("faulty");
        await next.SendAsync("hello"u8.ToArray(), cancellationToken: TestServer.Cancelled);
        Assert.Equal("hello", Encoding.UTF8.GetString((await next.ReadAsync(TestServer.Cancelled))!.Payload.Span));
    }

    private static WharfServerOptions Options()
    {
        var options = TestServer.Options();
        options.Types.Add(new FaultyType());
        return options;
    }

    private sealed class Unreadable : Exception
    {
        public override string Message => throw new InvalidOperationException();

        public override string StackTrace => throw new InvalidOperationException();

        public override string ToString() => throw new InvalidOperationException();
    }

    private sealed class Faulty;

    private sealed class FaultyType() : BidirectionalObjectType<Faulty>("Faulty")
    {
        public override ValueTask<object> CreateAsync(IObjectContext context, CancellationToken cancellationToken) =>
            context.Configuration["Fail"] is null ? ValueTask.FromResult<object>(new Faulty()) : throw new Unreadable();

        protected override ValueTask<IMessageHandler> ConnectAsync(Faulty instance, IMessageStream stream, CancellationToken cancellationToken)
        {
            stream.Send(default);
            return ValueTask.FromResult<IMessageHandler>(new Handler(stream));
        }

        private sealed class Handler(IMessageStream stream) : IMessageHandler
        {
            public ValueTask OnMessageAsync(ReceivedMessage message, CancellationToken cancellationToken)
            {
                if (message.Payload.Span.SequenceEqual("fail"u8))
                    throw new Unreadable();
                stream.Send(message.Payload);
                return ValueTask.CompletedTask;
            }
        }
    }
}
