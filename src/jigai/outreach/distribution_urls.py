"""Addresses of documents sent and received."""

from __future__ import annotations

from django.urls import path

from jigai.core.screens.list_urls import list_urls
from jigai.outreach.views import distribution as views
from jigai.outreach.views import distribution_inbox as inbox
from jigai.outreach.views.distribution_tables import DeliveryList, DistributionList, ReceiptList

urlpatterns = [
    *list_urls(DeliveryList, "deliveries/"),
    path("deliveries/<int:pk>/", inbox.detail, name="delivery-detail"),
    path("deliveries/<int:pk>/file/", inbox.file, name="delivery-file"),
    path("deliveries/<int:pk>/paper/", views.PaperReceipt.as_view(), name="delivery-paper"),
    path("deliveries/<int:pk>/do/<slug:verb>/", inbox.act, name="delivery-act"),
    path("distributions/new/", views.NewDistribution.as_view(), name="distribution-new"),
    path("distributions/upload/", views.UploadDistribution.as_view(), name="distribution-upload"),
    *list_urls(ReceiptList, "distributions/receipts/"),
    *list_urls(DistributionList, "distributions/"),
    path("distributions/<int:pk>/", views.detail, name="distribution-detail"),
    path("distributions/<int:pk>/file/", views.file, name="distribution-file"),
    path("distributions/<int:pk>/cover/", views.cover, name="distribution-cover"),
    path(
        "distributions/<int:pk>/addressees/",
        views.AddAddressees.as_view(),
        name="distribution-addressees",
    ),
    path("distributions/<int:pk>/repeal/", views.Repeal.as_view(), name="distribution-repeal"),
    path("distributions/<int:pk>/do/<slug:verb>/", views.act, name="distribution-act"),
]
