using System.Text;
using Wharf.Plugins;

[assembly: Plugin(typeof(Registration), PluginApi.Version)]

public sealed class Registration : IPluginRegistration
{
    public void RegisterInto(IPluginRegistry registry) => registry.Register(new GreeterType());
}

public sealed class Greeter;

public sealed class GreeterType() : BidirectionalObjectType<Greeter>("Greeter")
{
    public override ValueTask<object> CreateAsync(IObjectContext context, CancellationToken cancellationToken) => ValueTask.FromResult<object>(new Greeter());

    protected override ValueTask<IMessageHandler> ConnectAsync(Greeter instance, IMessageStream stream, CancellationToken cancellationToken)
    {
        stream.Send(default);    // clients wait for a first message
        return ValueTask.FromResult<IMessageHandler>(new Handler(stream));
    }

    private sealed class Handler(IMessageStream stream) : IMessageHandler
    {
        public ValueTask OnMessageAsync(ReceivedMessage message, CancellationToken cancellationToken)
        {
            stream.Send(Encoding.UTF8.GetBytes($"Hello {Encoding.UTF8.GetString(message.Payload.Span)}, says the server to {message.Caller.Identity}"));
            return ValueTask.CompletedTask;
        }
    }
}
