using Wharf.Plugins.Testing;
using Wharf.Rpc;

namespace Wharf.Plugins.Tests.Testing;

/// <summary>A failed method answers its call, and the stream continues.</summary>
public sealed class FaultyContracts
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("unreadable", """{"error":"Wharf.Plugins.Tests.Testing.FaultyContracts\u002BUnreadable"}""")]
    [InlineData("wrapped", """{"error":"no such thing","status":5}""")]
    [InlineData("closed", """{"error":"error performing a MessageStream operation: the stream has ended","status":3}""")]
    [InlineData("half", """{"error":"a\uFFFDb"}""")]
    public async Task A_method_whose_exception_cannot_be_read_answers_and_the_stream_goes_on(string method, string answer)
    {
        await using var host = new PluginTestHost(new RpcObjectType<IFaulty>(static _ => new Faulty()));
        var target = await host.CreateAsync("Faulty", cancellationToken: Cancelled);
        await using var stream = await target.ConnectAsync();
        await stream.ReceiveAsync(Cancelled);

        await stream.SendAsync($$"""{"method": "{{method}}"}""");
        Assert.Equal(answer, (await stream.ReceiveAsync(Cancelled))!.Text);
        await stream.SendAsync("""{"method": "fine"}""");
        Assert.Equal("""{"result":null}""", (await stream.ReceiveAsync(Cancelled))!.Text);
    }

    [Fact]
    public async Task An_enormous_message_is_cut_to_the_limit_of_errors()
    {
        await using var host = new PluginTestHost(new RpcObjectType<IFaulty>(static _ => new Faulty()));
        var target = await host.CreateAsync("Faulty", cancellationToken: Cancelled);
        await using var stream = await target.ConnectAsync();
        await stream.ReceiveAsync(Cancelled);

        await stream.SendAsync("""{"method": "enormous"}""");
        Assert.InRange((await stream.ReceiveAsync(Cancelled))!.Payload.Length, 3000, 3200);
    }

    [Fact]
    public async Task A_message_that_is_no_call_ends_the_stream_with_the_form_of_a_call()
    {
        await using var host = new PluginTestHost(new RpcObjectType<IFaulty>(static _ => new Faulty()));
        var target = await host.CreateAsync("Faulty", cancellationToken: Cancelled);
        await using var stream = await target.ConnectAsync();

        var refused = await Assert.ThrowsAsync<PluginException>(() => stream.SendAsync("hello"));

        Assert.Equal(PluginStatus.InvalidArgument, refused.Status);
        Assert.Equal("""a call is a JSON object with a method, such as {"method": "name", "parameter": "value"}; this one is not JSON""", refused.Message);
    }

    [RpcContract(typeof(Contract))]
    internal interface IFaulty;

    private sealed class Faulty : IFaulty;

    private sealed class Contract : RpcContract<IFaulty>
    {
        public override string TypeName => "Faulty";

        public override IReadOnlyList<string> Aliases => [];

        public override bool IsConcurrent => false;

        public override IFaulty CreateProxy(RpcCaller caller) => throw new NotSupportedException();

        public override ValueTask InvokeAsync(IFaulty service, RpcCall call, CancellationToken cancellationToken)
        {
            switch (call.Method)
            {
                case "unreadable":
                    throw new Unreadable();
                case "wrapped":
                    throw new AggregateException(new PluginException(PluginStatus.NotFound, "no such thing"));
                case "closed":
                    throw new StreamClosedException();
                case "half":
                    throw new InvalidOperationException("a\uD800b");
                case "enormous":
                    throw new InvalidOperationException(new string('x', 5_000_000));
                default:
                    call.Return();
                    return ValueTask.CompletedTask;
            }
        }
    }

    private sealed class Unreadable : Exception
    {
        public override string Message => throw new InvalidOperationException();

        public override string ToString() => throw new InvalidOperationException();
    }
}
