using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Errors;
using Wharf.Gateway.Hosting;
using Wire = Wharf.Protocol.Grpc.Flight;

namespace Wharf.Gateway.Flight;

/// <summary>Binds DoGet and DoPut with <see cref="FlightFrame"/> in place of the generated message.</summary>
internal sealed class FlightDataMethods<TService> : IServiceMethodProvider<Served<TService>>
    where TService : class, IFlightData
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<Served<TService>> context)
    {
        var service = Wire.FlightService.Descriptor.FullName;
        context.AddServerStreamingMethod(
            new Method<Wire.Ticket, FlightFrame>(
                MethodType.ServerStreaming, service, nameof(Wire.FlightService.FlightServiceBase.DoGet), Of(Wire.Ticket.Parser), FlightFrameMarshaller.Instance),
            Metadata(nameof(IFlightData.DoGet)),
            static (served, request, responses, call) => served.Service.DoGet(request, responses, call));
        context.AddDuplexStreamingMethod(
            new Method<FlightFrame, Wire.PutResult>(
                MethodType.DuplexStreaming, service, nameof(Wire.FlightService.FlightServiceBase.DoPut), FlightFrameMarshaller.Instance, Of(Wire.PutResult.Parser)),
            Metadata(nameof(IFlightData.DoPut)),
            static (served, requests, responses, call) => served.Service.DoPut(requests, responses, call));
    }

    private static IList<object> Metadata(string name)
    {
        var map = typeof(TService).GetInterfaceMap(typeof(IFlightData));
        return CallMetadata.OfServed(map.TargetMethods[Array.FindIndex(map.InterfaceMethods, method => method.Name == name)]);
    }

    private static Marshaller<T> Of<T>(MessageParser<T> parser)
        where T : class, IMessage<T> => CheckedMarshaller.Of(
        Marshallers.Create<T>(
            static (message, context) =>
            {
                context.SetPayloadLength(message.CalculateSize());
                message.WriteTo(context.GetBufferWriter());
                context.Complete();
            },
            context => parser.ParseFrom(context.PayloadAsReadOnlySequence())),
        typeof(T).Name);
}
