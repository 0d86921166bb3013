using System.Text;
using Wharf.Plugins;

namespace PluginNamespace;

/// <summary>How clients reach a <see cref="Greeter"/>: the type's name on the wire, how an object is made, and what becomes of a message.</summary>
public sealed class GreeterType() : BidirectionalObjectType<Greeter>("Wharf-Plugin1")
{
    public override ValueTask<object> CreateAsync(IObjectContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult<object>(new Greeter(context.Configuration["Greeting"] ?? "Hello"));

    protected override ValueTask<IMessageHandler> ConnectAsync(Greeter instance, IMessageStream stream, CancellationToken cancellationToken)
    {
        stream.Send(default); // clients wait for a first message
        return ValueTask.FromResult<IMessageHandler>(new Handler(instance, stream));
    }

    private sealed class Handler(Greeter greeter, IMessageStream stream) : IMessageHandler
    {
        public ValueTask OnMessageAsync(ReceivedMessage message, CancellationToken cancellationToken)
        {
            string name = Encoding.UTF8.GetString(message.Payload.Span);
            stream.Send(Encoding.UTF8.GetBytes(greeter.Greet(name)));
            return ValueTask.CompletedTask;
        }
    }
}
