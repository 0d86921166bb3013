using Google.Protobuf;
using Grpc.Core;
using Wharf.Grains;
using Wharf.Tables;

namespace Wharf.Gateway.Errors;

/// <summary>Reports requests that cannot be deserialized as INVALID_ARGUMENT instead of INTERNAL.</summary>
internal static class CheckedMarshaller
{
    /// <summary>Wraps the marshaller of the requests of a method.</summary>
    public static Method<TRequest, TResponse> Of<TRequest, TResponse>(Method<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class => new(method.Type, method.ServiceName, method.Name, Of(method.RequestMarshaller, method.FullName), method.ResponseMarshaller);

    /// <summary>Wraps a marshaller.</summary>
    public static Marshaller<T> Of<T>(Marshaller<T> inner, string method)
        where T : class => Marshallers.Create(inner.ContextualSerializer, context => Read(inner, context, method));

    private static T Read<T>(Marshaller<T> inner, DeserializationContext context, string method)
    {
        try
        {
            return inner.ContextualDeserializer(context);
        }
        catch (Exception failed) when (MemoryFailure.Is(failed))
        {
            throw GatewayErrors.ToRpcException(new Fault(FaultCode.ResourceExhausted, MemoryFailure.Text));
        }
        catch (Exception broken) when (broken is InvalidProtocolBufferException or FormatException or OverflowException)
        {
            throw GatewayErrors.ToRpcException(new Fault(FaultCode.InvalidArgument, $"{method}: the bytes are not a {typeof(T).Name}: {broken.Message}"));
        }
    }
}
